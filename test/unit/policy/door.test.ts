import { expect } from 'chai';
import fc from 'fast-check';
import { DOOR_CHECKS, Door, type DoorFacts, refuseCertificate } from '../../../proxy/policy/door.js';
import { Blocks } from '../../../proxy/policy/limits/blocks.js';
import { anyOf, type Revocations } from '../../../proxy/policy/lists/revocations.js';
import { readPolicy } from '../../../proxy/policy/policy-file.js';
import { anyVerified } from '../../../proxy/policy/rules/any-verified.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';

const who = identity();
const everyone: Revocations = { check: () => ({ label: 'certificate_revoked', detail: 'on a list' }) };
const now = FakeClock.EPOCH;

function blocked(): Blocks {
  const blocks = new Blocks();
  blocks.add({ fingerprint: who.fingerprint }, { reason: 'misbehaves', by: 'CN=op', until: now + 90_500 }, now);
  return blocks;
}

function policyOf(text: string): DoorFacts['policy'] {
  const read = readPolicy('policy', Buffer.from(text));
  if ('fault' in read) throw new Error(read.fault);
  return read.ok;
}

const nobody = policyOf("version: 1\nrules:\n  - { name: none, effect: deny, match: any, meetups: ['**'] }\n");
const good: DoorFacts = { now: () => now, revocations: anyOf([]), policy: anyVerified };

/** The causes of refusal of the door's steps, in the order of the steps. */
const faults: readonly (readonly [label: string, facts: Partial<DoorFacts>])[] = [
  ['draining', { drains: () => true }],
  ['overload', { overloads: (fingerprint) => fingerprint === who.fingerprint }],
  ['certificate_expired', { now: () => who.notAfter * 1000 }],
  ['certificate_revoked', { revocations: everyone }],
  ['blocked', { blocks: blocked() }],
  ['policy_denied', { policy: nobody }],
];

describe('door', () => {
  it('lets in whom nothing keeps out, by what the policy grants; facts that are not known keep nobody out', () => {
    expect(new Door(good).judge(who, 'a')).to.deep.equal(anyVerified.decide(who, 'a'));
  });

  for (const [label, facts] of faults) {
    it(`refuses by ${label}`, () => {
      const answer = new Door({ ...good, ...facts }).judge(who, 'a');
      expect(answer).to.have.property('label', label);
    });
  }

  it('property: whatever stands in the way, the first in the order answers, and explain answers the same', () => {
    fc.assert(
      fc.property(fc.subarray([...faults.keys()]), (chosen) => {
        const labels = chosen.map((i) => faults[i]?.[0]);
        // A clock at the end of the certificate would also lift the block.
        const facts = Object.assign({}, good, ...chosen.map((i) => faults[i]?.[1])) as DoorFacts;
        const door = new Door(facts);
        const answer = door.judge(who, 'a');
        expect('label' in answer ? answer.label : undefined).to.equal(labels[0]);
        const explained = door.explain(who, 'a');
        expect(explained.answer).to.deep.equal(answer);
        expect(explained.isByPolicy).to.equal(labels.length === 0 || labels[0] === 'policy_denied');
      }),
    );
  });

  it('tells a blocked client the reason and the time, and the operator until when and by whom too', () => {
    expect(new Door({ ...good, blocks: blocked() }).judge(who, 'a')).to.deep.equal({
      label: 'blocked',
      detail: `misbehaves (until ${new Date(now + 90_500).toISOString()}, by CN=op)`,
      told: 'misbehaves',
      retryAfter: 91,
    });
  });

  it('names the rule that denied, and what each rule says', () => {
    const explained = new Door({ ...good, policy: nobody }).explain(who, 'a');
    expect(explained.answer).to.include({ label: 'policy_denied', rule: 'none' });
    expect(explained.rules.map(({ rule, answer }) => [rule, answer])).to.deep.equal([['none', 'fits']]);
  });

  it('judges a certificate alone by expiry, then by the lists', () => {
    expect(refuseCertificate({ now: () => now, revocations: anyOf([]) }, who)).to.equal(undefined);
    expect(refuseCertificate({ now: () => now, revocations: everyone }, who)?.label).to.equal('certificate_revoked');
    const late = { now: () => who.notAfter * 1000, revocations: everyone };
    expect(refuseCertificate(late, who)?.label).to.equal('certificate_expired');
  });

  it('has a name for each check, none twice', () => {
    const names = DOOR_CHECKS.map(({ name }) => name);
    expect(names).to.deep.equal([...new Set(names)]);
    expect(names).to.deep.equal(['drain', 'memory', 'certificate', 'block']);
  });
});
