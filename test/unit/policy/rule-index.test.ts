import { expect } from 'chai';
import fc from 'fast-check';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import type { Identity } from '../../../proxy/x509/identity.js';

const values = fc.constantFrom('a', 'b', 'c');
const types = fc.constantFrom('CN', 'O', 'organizationIdentifier');
const attribute = fc.tuple(types, fc.oneof(values, fc.uniqueArray(values, { minLength: 1 })));
const match = fc.oneof(
  fc.constant('any'),
  fc.record({ subject: fc.array(attribute, { minLength: 1, maxLength: 2 }).map(Object.fromEntries) }),
  fc.record({ subject: values.map((value) => `CN=${value}`) }),
  fc.record({ fingerprints: values.map((value) => value.repeat(64)), issuer: fc.constant('CN=r') }),
  fc.record({ uris: values.map((value) => `urn:${value}`) }),
);
const rule = fc.record({
  match,
  meetups: fc.oneof(values, fc.constant('*')),
  effect: fc.constantFrom('allow', 'deny'),
});
const identity: fc.Arbitrary<Identity> = fc
  .tuple(values, values, fc.array(values, { maxLength: 2 }), fc.boolean())
  .map(([fingerprint, serial, cns, hasIdentifier]) => ({
    fingerprint: fingerprint.repeat(64),
    serial,
    notAfter: 2e9,
    subject: cns.map((cn) => `CN=${cn}`).join(','),
    fields: [
      ...cns.map((value) => ({ type: 'CN', value })),
      ...(hasIdentifier ? [{ type: '2.5.4.97', value: 'a' }] : []),
    ],
    issuer: 'CN=r',
    uris: [`urn:${serial}`],
    dns: [],
  }));

describe('the index of rules', () => {
  it('property: what decides is the first of all rules that fits', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 12 }), identity, values, (rules, who, meetup) => {
        const document = { version: 1, rules: rules.map((one, i) => ({ name: `r${i}`, ...one })) };
        const policy = compilePolicy(JSON.stringify(document));
        if ('faults' in policy) throw new Error(JSON.stringify(policy.faults));
        // `explain` asks each rule in turn.
        const { decision, rules: answers } = policy.ok.explain(who, meetup);
        const first = answers.find(({ answer }) => answer === 'fits');
        expect(decision.allowed).to.equal(first?.effect === 'allow');
        expect(decision.rule).to.equal(first?.rule);
      }),
      { numRuns: 2000 },
    );
  });
});
