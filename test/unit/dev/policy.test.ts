import { expect } from 'chai';
import { developmentPolicy } from '../../../dev/policy.js';
import { readPolicy } from '../../../proxy/policy/policy-file.js';
import type { CompiledPolicy } from '../../../proxy/policy/rules/ruling.js';
import type { Identity } from '../../../proxy/x509/identity.js';
import { parseName } from '../../../proxy/x509/names/distinguished-name.js';
import { fieldsOf } from '../../../proxy/x509/names/subject-fields.js';
import { textOf } from '../../support/sources.js';

function policyOf(name: string, text: string): CompiledPolicy {
  const reading = readPolicy(name, Buffer.from(text));
  if ('fault' in reading) throw new Error(reading.fault);
  return reading.ok;
}

function identity(subject: string): Identity {
  const name = parseName(subject);
  if ('fault' in name) throw new Error(name.fault);
  const own = { fingerprint: 'f', serial: '1', notAfter: 2e9, issuer: 'CN=root,O=Micronets', uris: [], dns: [] };
  return { ...own, subject, fields: fieldsOf(name.ok) };
}

for (const [name, text] of [
  ['the policy of npm start', developmentPolicy],
  ['the policy of Compose', textOf('deploy/compose/policy.yaml')],
] as const) {
  describe(name, () => {
    const policy = policyOf(name, text);

    for (const role of ['manager', 'gateway'] as const) {
      it(`seats the ${role}'s certificate as ${role} anywhere under sub/ and gw/, and gives it no right`, () => {
        const peer = identity(`CN=${role},O=Micronets`);
        for (const id of ['sub/8675309/00224dd149bb', 'gw/1']) {
          expect(policy.decide(peer, id)).to.include({ allowed: true, role });
        }
        expect(policy.decide(peer, 'other/1').allowed).to.equal(false);
        expect(policy.rightsOf(peer).level).to.equal('none');
      });
    }

    it('lets nobody else in, and gives the admin every right', () => {
      expect(policy.decide(identity('CN=admin,O=Micronets'), 'sub/1').allowed).to.equal(false);
      expect(policy.decide(identity('CN=manager,O=Other'), 'sub/1').allowed).to.equal(false);
      expect(policy.rightsOf(identity('CN=admin,O=Micronets')).level).to.equal('admin');
    });
  });
}
