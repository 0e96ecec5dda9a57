import { expect } from 'chai';
import fc from 'fast-check';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import { MAX_REMEMBERED } from '../../../proxy/policy/rules/fitting-rules.js';
import type { CompiledPolicy } from '../../../proxy/policy/rules/ruling.js';
import type { Identity } from '../../../proxy/x509/identity.js';

const CERTIFICATES = 2 * MAX_REMEMBERED;
const identities: readonly Identity[] = Array.from({ length: CERTIFICATES }, (_, number) => ({
  fingerprint: number.toString(16).padStart(64, '0'),
  serial: number.toString(16),
  notAfter: 2e9,
  subject: `CN=g${number % 8}`,
  fields: [{ type: 'CN', value: `g${number % 8}` }],
  issuer: 'CN=r',
  uris: [`spiffe://acme/gateway/g${number % 5}`],
  dns: [],
}));

const name = fc.nat(8).map((number) => `g${number}`);
const rule = fc.record({
  match: fc.oneof(
    fc.constant('any'),
    fc.record({ subject: name.map((CN) => ({ CN })) }),
    fc.record({ uris: name.map((one) => `spiffe://acme/gateway/${one}`) }),
  ),
  meetups: fc.oneof(name, fc.constant('*')),
  effect: fc.constantFrom('allow', 'deny'),
});
const rules = fc.array(rule, { maxLength: 8 });
type Rules = typeof rules extends fc.Arbitrary<infer Value> ? Value : never;

function policyOf(of: Rules): CompiledPolicy {
  const document = { version: 1, rules: of.map((one, at) => ({ name: `r${at}`, ...one })) };
  const policy = compilePolicy(JSON.stringify(document));
  if ('faults' in policy) throw new Error(JSON.stringify(policy.faults));
  return policy.ok;
}

describe('the rules that are for a certificate', () => {
  it('property: an answer is the same however often and about whomever else the policy was asked, and none outlives its version', () => {
    const questions = fc.array(fc.tuple(fc.nat(CERTIFICATES - 1), name, fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(rules, rules, questions, (before, after, asked) => {
        const versions = [policyOf(before), policyOf(after)] as const;
        for (const [number, meetup, isLater] of asked) {
          const identity = identities[number] as Identity;
          // Nobody has asked about a copy.
          const fresh = { ...identity };
          const policy = isLater ? versions[1] : versions[0];
          const { allowed, rule: by } = policy.decide(identity, meetup);
          const first = policy.explain(fresh, meetup).rules.find(({ answer }) => answer === 'fits');
          expect({ allowed, by }).to.deep.equal({ allowed: first?.effect === 'allow', by: first?.rule });
        }
      }),
      { numRuns: 200 },
    );
  });
});
