import { expect } from 'chai';
import { doorExplainer } from '../../../proxy/control/door-explainer.js';
import type { DoorExplanation } from '../../../proxy/policy/door.js';
import type { RuleAnswer } from '../../../proxy/policy/rules/ruling.js';
import { identity } from '../../support/fixtures.js';

const rules: readonly RuleAnswer[] = [
  { rule: 'ops', effect: 'allow', answer: 'missed', missed: 'certificate', why: 'subject.O is "Acme"' },
  { rule: 'all', effect: 'allow', answer: 'fits', why: '**' },
  { rule: 'rest', effect: 'allow', answer: 'unasked', why: '' },
];
const granted = { allowed: true, role: 'gateway', limits: {}, rule: 'all', reason: 'rule "all" allows **' } as const;

function told(explanation: DoorExplanation) {
  return doorExplainer({ explain: () => explanation }).explain(identity(), 'a');
}

describe('control: what the door would answer', () => {
  it('tells the seat, the rule and each rule that was asked', () => {
    expect(told({ answer: granted, rules, isByPolicy: true })).to.deep.equal({
      ...{ allowed: true, refusal: '', role: 'gateway', rule: 'all', reason: 'rule "all" allows **' },
      steps: ['rule "ops" missed: subject.O is "Acme"', 'rule "all" fits: **'],
    });
  });

  it('tells why it would be denied, while the policy only audits', () => {
    const answer = { ...granted, wouldDeny: 'no rule allows it' };
    expect(told({ answer, rules, isByPolicy: true })).to.include({ allowed: true, reason: 'no rule allows it' });
  });

  it('tells the refusal of the policy, with its rule', () => {
    const answer = { label: 'policy_denied', detail: 'rule "all" denies **', rule: 'all' } as const;
    expect(told({ answer, rules: [], isByPolicy: true })).to.deep.equal({
      ...{ allowed: false, refusal: 'policy_denied', role: '', rule: 'all', reason: 'rule "all" denies **' },
      steps: [],
    });
  });

  it('tells no rule where the policy was not asked', () => {
    const answer = { label: 'draining', detail: 'this replica drains' } as const;
    const explained = told({ answer, rules, isByPolicy: false });
    expect(explained).to.deep.include({ allowed: false, refusal: 'draining', rule: '', steps: [] });
  });
});
