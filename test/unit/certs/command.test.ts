import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Command } from 'commander';
import { register } from '../../../certs/command.js';
import { CertsFailure } from '../../../certs/failure.js';
import { inDirectory, leftovers, verdict } from './workspace.js';

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `ws-proxy certs …` in this process. */
async function certs(...args: readonly string[]): Promise<Result> {
  let out = '';
  let err = '';
  const program = new Command('ws-proxy').exitOverride().configureOutput({
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
  });
  register(program);
  try {
    await program.parseAsync(['certs', ...args], { from: 'user' });
    return { code: 0, out, err };
  } catch (error) {
    if (error instanceof CertsFailure) return { code: error.exitCode, out, err: `error: ${error.message}\n` };
    throw error;
  }
}

async function works(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await certs(...args);
  expect({ code, err }).to.deep.equal({ code: 0, err: '' });
  return out;
}

describe('ws-proxy certs', () => {
  it('goes from init to revoke, and openssl agrees at each step', async () => {
    await inDirectory(async (above) => {
      const dir = join(above, 'certs');
      expect(await works('init', '--dir', dir)).to.match(/^made the root CN=ws-proxy root,O=Micronets, valid until /);
      await works('issue', 'server', '--dir', dir);
      await works('issue', 'gw-1', '--o', 'Acme', '--dir', dir);
      await works(
        'issue',
        'gw-2',
        '--role',
        'gateway',
        '--cn',
        'gw-2',
        '--spiffe',
        'spiffe://m.test/gw-2',
        '--dir',
        dir,
      );
      expect(await verdict(dir, 'gw-1.cert.pem')).to.equal('ok');
      const revoked = await works('revoke', 'gw-1', '--reason', 'cessationOfOperation', '--dir', dir);
      expect(revoked).to.match(
        /^revoked: O=Acme, serial [0-9a-f]+, since .* \(cessationOfOperation\)\n.*root\.crl\.pem, number 2\n$/,
      );
      expect(await verdict(dir, 'gw-1.cert.pem')).to.equal('certificate revoked');
      expect(await verdict(dir, 'gw-2.cert.pem')).to.equal('ok');
      expect(await works('show', '--dir', dir)).to.match(/^gw-1\.cert\.pem +client +revoked +O=Acme$/m);
      await works('unrevoke', join(dir, 'gw-1.pkeycert.pem'), '--dir', dir);
      expect(await verdict(dir, 'gw-1.cert.pem')).to.equal('ok');
      expect(await leftovers(dir)).to.deep.equal([]);
    });
  });

  it('prints JSON that scripts can use', async () => {
    await inDirectory(async (dir) => {
      const made: unknown = JSON.parse(await works('init', '--intermediate', '--dir', dir, '-o', 'json'));
      expect(made).to.have.nested.property('[1].name', 'intermediate');
      const issued = JSON.parse(await works('issue', 'gw', '--issuer', 'intermediate', '--dir', dir, '-o', 'json'));
      expect(issued).to.have.nested.property('certificate.subject', 'CN=gw,O=Micronets');
      const { serial } = issued.certificate;
      const revoked: unknown = JSON.parse(await works('revoke', 'gw', '--dir', dir, '-o', 'json'));
      expect(revoked).to.deep.include({ state: 'revoked', issuer: 'intermediate', serial, number: '2' });
      const shown: unknown = JSON.parse(await works('show', 'gw.pkeycert.pem', '--dir', dir, '-o', 'json'));
      expect(shown).to.have.nested.property('certificates[0].revoked.reason', 'unspecified');
      const lists: unknown = JSON.parse(await works('crl', '--dir', dir, '-o', 'json'));
      expect(lists).to.have.nested.property('lists[1].revoked[0].serial', serial);
      const again: unknown = JSON.parse(
        await works('revoke', '--serial', `0x${serial}`, '--issuer', 'intermediate', '--dir', dir, '-o', 'json'),
      );
      expect(again).to.deep.include({ state: 'already revoked', serial });
    });
  });

  it('makes the development PKI, and says so once', async () => {
    await inDirectory(async (dir) => {
      expect((await works('dev', '--dir', dir)).split('\n')).to.have.length(6);
      expect(await works('dev', '--dir', dir)).to.equal(`${dir} is complete; nothing to make\n`);
    });
  });

  it('renews lists and servers, and others by name', async () => {
    await inDirectory(async (dir) => {
      await works('dev', '--dir', dir);
      expect(await works('renew', '--dir', dir)).to.match(
        /root\.crl\.pem is good until .*\n.*server\.cert\.pem is good until/,
      );
      const all = await works('renew', 'admin', '--all', '--dir', dir);
      expect(all.match(/renewed \S+\/([a-z.]+), good until/g)).to.have.length(3);
      expect(JSON.parse(await works('renew', '--dir', dir, '-o', 'json'))).to.have.nested.property(
        '[1].renewed',
        false,
      );
      for (const name of ['server', 'admin']) expect(await verdict(dir, `${name}.cert.pem`)).to.equal('ok');
    });
  });

  it('warns of a list that is due, and signs it anew', async () => {
    await inDirectory(async (dir) => {
      await works('init', '--dir', dir);
      await works('crl', '--sign', '--days', '9', '--dir', dir);
      const { err } = await certs('show', '--dir', dir);
      expect(err).to.match(
        /^warning: the revocation list of CN=ws-proxy root,O=Micronets: its next update is due in 8 days, /,
      );
      expect(await works('crl', '--sign', '--dir', dir)).not.to.match(/warning/);
      expect((await certs('show', '--dir', dir)).err).to.equal('');
    });
  });

  it('replaces nothing without --force', async () => {
    await inDirectory(async (dir) => {
      await works('init', '--dir', dir);
      await works('issue', 'gw', '--dir', dir);
      for (const args of [['init'], ['issue', 'gw']]) {
        const { code, err } = await certs(...args, '--dir', dir);
        expect(code).to.equal(1);
        expect(err).to.match(/^error: .*cert\.pem exists; use --force to replace it, or another name or --dir\n$/);
        await works(...args, '--force', '--dir', dir);
      }
      expect(await verdict(dir, 'gw.cert.pem')).to.equal('ok');
    });
  });

  it('warns when a certificate ends before it was asked to', async () => {
    await inDirectory(async (dir) => {
      await works('init', '--days', '40', '--dir', dir);
      const { code, err } = await certs('issue', 'gw', '--dir', dir);
      expect({ code, err }).to.deep.equal({
        code: 0,
        err: 'warning: it ends with the root, in 39 days and not in 365\n',
      });
    });
  });

  const REFUSED: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
    [
      ['issue', 'gw'],
      1,
      /^error: .*root\.cert\.pem is not there; make it with ws-proxy certs init, or name its --dir\n$/,
    ],
    [['issue', '../gw'], 2, /^error: "\.\.\/gw" cannot name a file; use letters, digits, \. _ and -\n$/],
    [['issue', 'root'], 2, /^error: root is an authority; make it with ws-proxy certs init\n$/],
    [['revoke'], 2, /^error: give either FILE or --serial\n$/],
    [['revoke', 'x', '--serial', '1'], 2, /^error: give either FILE or --serial\n$/],
    [['revoke', '--serial', 'xyz'], 2, /^error: --serial "xyz": give 1 to 40 hex digits\n$/],
    [['revoke', 'nobody'], 1, /^error: nobody: no such file, here or in .*; name a PEM file\n$/],
    [['crl'], 1, /^error: .*root\.crl\.pem: no such file/],
    [['show', 'nobody'], 1, /^error: nobody: no such file/],
    [['init', '--o', ''], 2, /^error: --o "": give 1 to 64 printable characters\n$/],
  ];
  for (const [args, code, message] of REFUSED) {
    it(`refuses ${args.join(' ')} with one line and code ${code}`, async () => {
      await inDirectory(async (dir) => {
        const result = await certs(...args, '--dir', dir);
        expect(result.err).to.match(message);
        expect(result).to.include({ code, out: '' });
        expect(await readdir(dir)).to.deep.equal([]);
      });
    });
  }

  it('reports a path that cannot be used by its system error, without a stack', async () => {
    await inDirectory(async (dir) => {
      await writeFile(join(dir, 'file'), '');
      const { code, err } = await certs('init', '--dir', join(dir, 'file', 'certs'));
      expect(code).to.equal(1);
      expect(err).to.match(/^error: .*can't be made \(a file is in the way\); name another --dir\n$/);
    });
  });
});
