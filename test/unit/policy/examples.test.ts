import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { jsonSchemas } from '../../../proxy/policy/json-schema.js';
import { readDenyList } from '../../../proxy/policy/lists/deny-list.js';
import { readPolicy } from '../../../proxy/policy/policy-file.js';
import type { CompiledPolicy } from '../../../proxy/policy/rules/ruling.js';
import type { Identity } from '../../../proxy/x509/identity.js';
import { parseName } from '../../../proxy/x509/names/distinguished-name.js';
import { fieldsOf } from '../../../proxy/x509/names/subject-fields.js';

const schema = new URL('../../../../schema/', import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, schema));

function example(name: string): CompiledPolicy {
  const reading = readPolicy(name, read(`examples/${name}`));
  if ('fault' in reading) throw new Error(reading.fault);
  return reading.ok;
}

function identity(subject: string, more: Partial<Identity> = {}): Identity {
  const name = parseName(subject);
  if ('fault' in name) throw new Error(name.fault);
  const own = { fingerprint: 'f', serial: '1', notAfter: 2e9, issuer: 'CN=Acme Device CA,O=Acme', uris: [], dns: [] };
  return { ...own, subject, fields: fieldsOf(name.ok), ...more };
}

describe('what schema/ ships', () => {
  for (const [name, made] of Object.entries(jsonSchemas)) {
    it(`${name} is the one that the code makes (npm run generate)`, () => {
      expect(JSON.parse(read(name).toString())).to.deep.equal(JSON.parse(JSON.stringify(made)));
    });
  }

  it('has no example that is not tested here', () => {
    expect(readdirSync(new URL('examples/', schema))).to.have.members([
      'gateways.yaml',
      'spiffe.yaml',
      'old-fleet.yaml',
      'deny-list.yaml',
    ]);
  });

  it('gateways.yaml: a gateway’s certificate takes no other’s meetup', () => {
    const policy = example('gateways.yaml');
    const gateway = identity('CN=00224dd149bb,OU=gateway,O=Acme');
    expect(policy.decide(gateway, 'sub/8675309/00224dd149bb')).to.deep.include({
      allowed: true,
      role: 'gateway',
      limits: { connections: 2, messagesPerSecond: 200, bytesPerSecond: 1_048_576 },
    });
    for (const id of ['sub/8675309/ffffffffffff', 'gw/00224dd149bb', 'sub/8675309/00224dd149bb/x']) {
      expect(policy.decide(gateway, id).allowed, id).to.equal(false);
    }
    expect(policy.decide({ ...gateway, issuer: 'CN=Other' }, 'sub/8675309/00224dd149bb').allowed).to.equal(false);
    expect(policy.decide(identity('CN=manager,O=Acme'), 'sub/8675309/ffffffffffff')).to.include({ role: 'manager' });
    expect(policy.decide(identity('CN=manager,OU=gateway,O=Acme'), 'sub/1/x').allowed).to.equal(false);
    expect(policy.rightsOf(identity('CN=admin,O=Acme'))).to.include({ level: 'admin', tapBodies: true });
    expect(policy.rightsOf(gateway).level).to.equal('none');
    expect(policy.rightsOf(identity('OU=operators', { issuer: 'CN=Acme Staff CA,O=Acme' })).level).to.equal('operator');
  });

  it('spiffe.yaml: by trust domain and path, with one URI SAN only', () => {
    const policy = example('spiffe.yaml');
    const decide = (uris: string[], id: string) => policy.decide(identity('', { uris }), id);
    const uri = 'spiffe://acme.example/subscriber/7/gateway/g1';
    expect(decide([uri], 'sub/7/g1')).to.include({ allowed: true, role: 'gateway' });
    expect(decide([uri], 'sub/8/g1').allowed).to.equal(false);
    expect(decide([uri, 'urn:x'], 'sub/7/g1').allowed).to.equal(false);
    expect(decide(['spiffe://evil.example/subscriber/7/gateway/g1'], 'sub/7/g1').allowed).to.equal(false);
    expect(decide(['spiffe://acme.example/manager/eu'], 'sub/7/g1')).to.include({ role: 'manager' });
    expect(policy.decide(identity('', { dns: ['g9.gw.acme.example'] }), 'gw/g9?v=2').allowed).to.equal(true);
    expect(policy.decide(identity('', { dns: ['g9.gw.acme.example'] }), 'gw/g8').allowed).to.equal(false);
  });

  it('old-fleet.yaml: by fingerprint, old and new together, and only audited', () => {
    const policy = example('old-fleet.yaml');
    const gateway = identity('O=Micronets Gateway', { issuer: 'O=Micronets Root' });
    for (const first of ['11', '22']) {
      const fingerprint = `${first}c14b1b9b1f2f4c6d5c9c28e2a7de4a1d93c52c1f0f1e2d3c4b5a6978877665`;
      const decision = policy.decide({ ...gateway, fingerprint }, 'sub/8675309/00224dd149bb');
      expect(decision).to.include({ rule: 'gateway of subscriber 8675309' });
      expect(decision).not.to.have.property('wouldDeny');
    }
    const manager = identity('O=Micronets Manager Websocket Client Cert', { issuer: 'O=Micronets Root' });
    for (const id of ['sub/8675309/00224dd149bb', 'gw/1']) {
      expect(policy.decide(manager, id)).to.include({ rule: 'the manager', role: 'manager' });
      expect(policy.decide(manager, id)).not.to.have.property('wouldDeny');
    }
    expect(policy.rightsOf(identity('CN=admin,O=Micronets'))).not.to.deep.equal(policy.rightsOf(manager));
    expect(policy.decide(gateway, 'sub/1/2')).to.deep.include({ limits: { connections: 5000 } });
    expect(policy.decide({ ...gateway, serial: 'a1b2c' }, 'sub/1/2')).to.include({
      allowed: true,
      rule: 'stolen gateway',
    });
    expect(policy.decide(gateway, 'else/where')).to.have.property('wouldDeny');
    expect(policy.decide(identity('O=x'), 'test/a/b').rule).to.equal('whoever the edge verified may try things out');
  });

  it('deny-list.yaml: keeps out by each of the four ways', () => {
    const reading = readDenyList('deny-list.yaml', read('examples/deny-list.yaml'));
    if ('fault' in reading) throw new Error(reading.fault);
    expect(reading.ok.size).to.equal(4);
    expect(reading.ok.check(identity('CN=gw-17,OU=gateway,O=Acme'))).to.have.property('label');
    expect(reading.ok.check(identity('', { serial: 'a1b2c' }))).to.have.property('label');
    const uris = ['spiffe://acme.example/subscriber/7/gateway/gw-17'];
    expect(reading.ok.check(identity('', { uris }))).to.have.property('label');
    expect(reading.ok.check(identity('CN=gw-18,OU=gateway,O=Acme'))).to.equal(undefined);
  });

  it('docs/policy.md: its policy does what its example of explain says', () => {
    const text = readFileSync(new URL('../docs/policy.md', schema), 'utf8');
    const [, policyText = ''] = /```yaml\n(.*?)```/s.exec(text) ?? [];
    const reading = readPolicy('docs/policy.md', Buffer.from(policyText));
    if ('fault' in reading) throw new Error(reading.fault);
    const decision = reading.ok.decide(identity('CN=gw-1,OU=gateway,O=Acme'), 'sub/7/gw-2');
    expect(decision.allowed).to.equal(false);
    expect(text).to.contain(decision.reason);
    expect(reading.ok.decide(identity('CN=gw-1,OU=gateway,O=Acme'), 'sub/7/gw-1').allowed).to.equal(true);
  });
});
