import { expect } from 'chai';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import type { CompiledPolicy } from '../../../proxy/policy/rules/ruling.js';
import type { Identity } from '../../../proxy/x509/identity.js';
import { parseName } from '../../../proxy/x509/names/distinguished-name.js';
import { fieldsOf, type SubjectField } from '../../../proxy/x509/names/subject-fields.js';

const FINGERPRINT = '1a'.repeat(32);

function fields(subject: string): readonly SubjectField[] {
  const name = parseName(subject);
  if ('fault' in name) throw new Error(name.fault);
  return fieldsOf(name.ok);
}

function identity(subject: string, more: Partial<Identity> = {}): Identity {
  const own = { fingerprint: FINGERPRINT, serial: 'ff', notAfter: 2e9, issuer: 'CN=Root,O=Acme', uris: [], dns: [] };
  return { ...own, subject, fields: fields(subject), ...more };
}

function policy(text: string): CompiledPolicy {
  const compiled = compilePolicy(`version: 1\n${text}`);
  if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults));
  return compiled.ok;
}

function rule(match: string, meetups = "['**']", more = ''): CompiledPolicy {
  return policy(`rules:\n  - { name: r, match: ${match}, meetups: ${meetups}, role: gateway ${more} }`);
}

describe('policy: what a rule matches', () => {
  const table: readonly (readonly [string, Identity, boolean])[] = [
    ['any', identity(''), true],
    ['{ subject: { CN: a } }', identity('CN=a,O=b'), true],
    ['{ subject: { cn: a, 2.5.4.10: b } }', identity('CN=a,O=b'), true],
    ['{ subject: { CN: [x, a] } }', identity('CN=a'), true],
    ['{ subject: { CN: a } }', identity('CN=A'), false],
    ['{ subject: { CN: a, O: c } }', identity('CN=a,O=b'), false],
    ['{ subject: { CN: a } }', identity('O=a'), false],
    ['{ subject: { OU: b } }', identity('OU=a+OU=b'), true],
    ['{ subject: { 1.2.3: foo } }', identity('1.2.3=#0C03666F6F'), true],
    ["{ subject: { O: '#0C0161' } }", identity('O=#0C0161'), false],
    ["{ subject: 'O=b' }", identity('O=b'), true],
    ["{ subject: 'O=b' }", identity('CN=a,O=b'), false],
    ["{ subject: 'cn=a+o=b' }", identity('O=b+CN=a'), true],
    ["{ subject: 'CN=a,O=b' }", identity('O=b,CN=a'), false],
    ["{ issuer: 'CN=Root,O=Acme' }", identity(''), true],
    ["{ issuer: ['CN=x', 'CN=Root,O=Acme'] }", identity(''), true],
    ["{ issuer: 'CN=Root' }", identity(''), false],
    [`{ fingerprints: ${FINGERPRINT} }`, identity(''), true],
    [`{ fingerprints: ['${FINGERPRINT.toUpperCase().replace(/..(?=.)/g, '$&:')}'] }`, identity(''), true],
    [`{ fingerprints: ${'2b'.repeat(32)} }`, identity(''), false],
    ["{ serials: '00:FF', issuer: 'CN=Root,O=Acme' }", identity(''), true],
    ["{ serials: 'ff', issuer: 'CN=Other' }", identity(''), false],
    ["{ uris: 'spiffe://acme/gw/*' }", identity('', { uris: ['spiffe://acme/gw/1'] }), true],
    ["{ uris: 'spiffe://acme/**' }", identity('', { uris: ['spiffe://acme/gw/1'] }), true],
    ["{ uris: 'spiffe://acme/**' }", identity('', { uris: ['spiffe://evil/gw/1'] }), false],
    ["{ uris: 'spiffe://acme/**' }", identity('', { uris: ['spiffe://acme/gw/1', 'urn:x'] }), false],
    ["{ uris: 'https://acme/*' }", identity('', { uris: ['urn:x', 'https://acme/1'] }), true],
    ["{ dns: '*.acme.example' }", identity('', { dns: ['GW.Acme.Example'] }), true],
    ["{ dns: '*.acme.example' }", identity('', { dns: ['a.b.acme.example'] }), false],
    ["{ dns: '*.acme.example', subject: { CN: a } }", identity('CN=a'), false],
  ];
  for (const [match, who, fits] of table) {
    it(`${match} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify([who.subject, ...who.uris, ...who.dns])}`, () => {
      expect(rule(match).decide(who, 'a/b').allowed).to.equal(fits);
    });
  }

  it('text of a SAN never passes for a subject, nor the reverse', () => {
    const text = 'CN=admin';
    const bySubject = rule(`{ subject: '${text}' }`);
    for (const kind of [{ uris: [text] }, { dns: [text] }, { issuer: text }]) {
      expect(bySubject.decide(identity('', kind), 'a').allowed).to.equal(false);
      expect(rule(`{ subject: { CN: admin } }`).decide(identity('', kind), 'a').allowed).to.equal(false);
    }
    const uri = 'spiffe://acme/admin';
    expect(rule(`{ uris: '${uri}' }`).decide(identity('', { dns: [uri] }), 'a').allowed).to.equal(false);
    expect(rule(`{ uris: '${uri}' }`).decide(identity(`CN=${uri}`), 'a').allowed).to.equal(false);
  });
});

describe('policy: what binds a meetup to a certificate', () => {
  const byCn = rule(
    '{ subject: { O: Acme } }',
    "['sub/{subscriber}/{gateway}']",
    ', bind: { subscriber: any, gateway: subject.CN }',
  );

  it('a gateway sits in its own meetup, and in no other', () => {
    const who = identity('CN=gw-1,O=Acme');
    expect(byCn.decide(who, 'sub/7/gw-1')).to.include({ allowed: true, role: 'gateway', rule: 'r' });
    expect(byCn.decide(who, 'sub/7/gw-2')).to.deep.equal({
      allowed: false,
      reason: 'no rule allows it; in the nearest, "r", {gateway} is "gw-2", not subject.CN ("gw-1")',
    });
    expect(byCn.decide(who, 'sub/7/GW-1').allowed).to.equal(false);
    expect(byCn.decide(who, 'sub/7/gw-1?x').allowed).to.equal(false);
    expect(byCn.decide(who, 'sub/7/x/gw-1').allowed).to.equal(false);
  });

  it('two values are no value: neither is the one', () => {
    for (const id of ['sub/7/a', 'sub/7/b']) {
      const decision = byCn.decide(identity('CN=a,CN=b,O=Acme'), id);
      expect(decision.allowed).to.equal(false);
      expect(decision.reason).to.contain('subject.CN (2 values, so none can be told to be the one)');
    }
    expect(byCn.decide(identity('O=Acme'), 'sub/7/a').reason).to.contain('not subject.CN (absent)');
  });

  it('names bound to SANs all come from one SAN', () => {
    const rules = rule("{ uris: 'urn:x/{s}/{g}' }", "['{a}/{b}']", ', bind: { a: uri.s, b: uri.g }');
    const who = identity('', { uris: ['urn:x/1/2', 'urn:x/3/4'] });
    for (const [id, allowed] of [
      ['1/2', true],
      ['3/4', true],
      ['1/4', false],
      ['3/2', false],
    ] as const) {
      expect(rules.decide(who, id).allowed, id).to.equal(allowed);
    }
  });

  it('binds to DNS names, serial number and fingerprint', () => {
    const dns = rule("{ dns: '{id}.gw' }", "['{id}']", ', bind: { id: dns.id }');
    expect(dns.decide(identity('', { dns: ['A.GW', 'b.gw'] }), 'b').allowed).to.equal(true);
    expect(dns.decide(identity('', { dns: ['A.GW'] }), 'a').allowed).to.equal(true);
    expect(dns.decide(identity('', { dns: ['A.GW'] }), 'A').allowed).to.equal(false);
    const hex = rule('any', "['s/{a}', 'f/{b}']", ', bind: { a: serial, b: fingerprint }');
    expect(hex.decide(identity(''), 's/ff').allowed).to.equal(true);
    expect(hex.decide(identity(''), 's/00').allowed).to.equal(false);
    expect(hex.decide(identity(''), `f/${FINGERPRINT}`).allowed).to.equal(true);
  });
});

describe('policy: which rule decides', () => {
  const rules = `rules:
  - { name: lost, effect: deny, match: { subject: { CN: lost } }, meetups: ['gw/**'] }
  - { name: first, match: any, meetups: ['gw/*'], role: manager, limits: { connections: 3 } }
  - { name: second, match: any, meetups: ['gw/**'], role: gateway }
`;

  it('the first that fits, with its role and limits', () => {
    const enforced = policy(rules);
    expect(enforced.decide(identity('CN=a'), 'gw/1')).to.deep.equal({
      allowed: true,
      role: 'manager',
      limits: { connections: 3 },
      rule: 'first',
      reason: 'rule "first" allows gw/*',
    });
    expect(enforced.decide(identity('CN=a'), 'gw/1/2')).to.include({ allowed: true, role: 'gateway', rule: 'second' });
    expect(enforced.decide(identity('CN=lost'), 'gw/1')).to.deep.equal({
      allowed: false,
      rule: 'lost',
      reason: 'rule "lost" denies gw/**',
    });
  });

  it('what no rule is for is denied, and the reason tells nothing of rules for others', () => {
    const decision = policy("rules: [{ name: secret, match: { subject: { CN: x } }, meetups: ['a'] }]").decide(
      identity('CN=y'),
      'a',
    );
    expect(decision).to.deep.equal({ allowed: false, reason: 'no rule is for this certificate' });
    expect(policy('rules: []').decide(identity('CN=y'), 'a').allowed).to.equal(false);
  });

  it('a rule that denies takes a SPIFFE pattern on any of several SANs', () => {
    const denying = policy(`rules:
  - { name: no, effect: deny, match: { uris: 'spiffe://a/x' }, meetups: ['**'] }
  - { name: yes, match: any, meetups: ['**'] }
`);
    expect(denying.decide(identity('', { uris: ['urn:y', 'spiffe://a/x'] }), 'a').allowed).to.equal(false);
  });

  it('audit lets in and says who would be denied, and by which rule', () => {
    const audited = policy(`mode: audit\n${rules}`);
    const let_in = { allowed: true, role: 'any', limits: {}, reason: 'the policy only audits' };
    expect(audited.decide(identity('CN=lost'), 'gw/1')).to.deep.equal({
      ...let_in,
      rule: 'lost',
      wouldDeny: 'rule "lost" denies gw/**',
    });
    expect(audited.decide(identity('CN=a'), 'x')).to.have.property('rule', 'audit');
    expect(audited.decide(identity('CN=a'), 'gw/1')).not.to.have.property('wouldDeny');
  });
});

describe('policy: rights by the control API', () => {
  const rights = policy(`mode: audit
rules: []
control:
  - { name: duty, match: { subject: { OU: ops } }, rights: operator }
  - { name: boss, match: { subject: 'CN=admin,O=Acme' }, rights: admin, tapBodies: true }
`);

  it('are those of the first rule that fits, and none without one, audit or not', () => {
    expect(rights.rightsOf(identity('OU=ops'))).to.deep.equal({ level: 'operator', tapBodies: false, rule: 'duty' });
    expect(rights.rightsOf(identity('CN=admin,O=Acme'))).to.deep.equal({
      level: 'admin',
      tapBodies: true,
      rule: 'boss',
    });
    expect(rights.rightsOf(identity('CN=admin'))).to.deep.equal({ level: 'none', tapBodies: false });
    expect(rights.rightsOf(identity('', { uris: ['CN=admin,O=Acme'] })).level).to.equal('none');
  });
});
