import { posix } from 'node:path';
import { expect } from 'chai';
import { ControlClient } from '../../../library/control/control-client.js';
import { controlService } from '../../../proxy/control/rpc/contract.js';
import { libraries, publicNames, undocumentedMembers } from '../../support/public-api.js';
import { filesBelow, sources, textOf } from '../../support/sources.js';

/** What each library may import of this project, beside its own folder. */
const MAY_IMPORT: Readonly<Record<string, RegExp>> = {
  peer: /^(?:peer\/|proxy\/wire\/)/,
  control: /^proxy\/control\/(?:generated|rpc)\//,
};

for (const library of libraries) {
  describe(`what @micronets/ws-proxy-${library} exports`, () => {
    const names = publicNames(library);
    const ours = names.filter(({ isMessage }) => !isMessage);

    it('is documented, each name and each member of it', () => {
      expect(names.filter(({ doc }) => doc === '').map(({ name }) => name)).to.deep.equal([]);
      const bare = ours.flatMap((one) => undocumentedMembers(one).map((line) => `${one.name}: ${line.trim()}`));
      expect(bare).to.deep.equal([]);
    });

    it('is whole: what a declaration names is exported, too', () => {
      const known = new Set(names.flatMap(({ name }) => [name, `${name}__Output`]));
      const missing = ours.flatMap(({ name, uses }) =>
        uses.filter((used) => !known.has(used)).map((used) => `${name} names ${used}`),
      );
      expect(missing).to.deep.equal([]);
    });

    it('is read from declarations with and without bodies', () => {
      const codes = ours.map(({ code }) => code);
      expect(
        codes.every((code) => /^export (?:async |declare )?(?:function|class|interface|type|const) /.test(code)),
      ).to.equal(true);
      expect(codes.filter((code) => /\b(?:return|await|throw) /.test(code.replace(/\/\*.*?\*\//gs, '')))).to.deep.equal(
        [],
      );
    });
  });

  it(`library/${library} stands on what it is made of, and on no other part`, () => {
    const wrong = sources(`library/${library}`).flatMap(({ path, text }) =>
      [...text.matchAll(/\bfrom '(\.[^']+)'/g)]
        .map(([, target = '']) => posix.join(posix.dirname(path), target))
        .filter((target) => !target.startsWith(`library/${library}/`) && !MAY_IMPORT[library]?.test(target))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).to.deep.equal([]);
  });
}

describe('the control client', () => {
  it('has a method for each call of the contract, whose comment is the contract’s', () => {
    const methods = Object.keys(controlService).map((name) => `${name[0]?.toLowerCase()}${name.slice(1)}`);
    expect(methods).to.have.length.greaterThan(15);
    expect(Object.getOwnPropertyNames(ControlClient.prototype)).to.include.members(methods);
    const contract = textOf('proto/micronets/wsproxy/control/v1/control_service.proto');
    const client = textOf('library/control/control-client.ts').replace(/\n\s*\* ?/g, ' ');
    const own = methods
      .filter((name) => name !== 'watchSessions')
      .map((name) => [name, `${name[0]?.toUpperCase()}${name.slice(1)}`]);
    const differ = own.filter(([method = '', rpc = '']) => {
      const [, lines = ''] = new RegExp(`((?: *//.*\\n)+) *rpc ${rpc}\\(`).exec(contract) ?? [];
      const said = lines.replace(/\s*\/\/ /g, ' ').trim();
      const [, told = ''] = new RegExp(`/\\*\\* ((?:(?!\\*/).)*?) ?\\*/\\s+${method}\\(`).exec(client) ?? [];
      return said === '' || !told.startsWith(said);
    });
    expect(differ).to.deep.equal([]);
  });

  it('has every message of the contract beside it', () => {
    const files = filesBelow('proxy/control/generated/micronets/wsproxy/control/v1');
    const messages = files.map((path) => posix.basename(path, '.ts')).filter((name) => name !== 'ControlService');
    expect(publicNames('control').map(({ name }) => name)).to.include.members(messages);
  });
});
