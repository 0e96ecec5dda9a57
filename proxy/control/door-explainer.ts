import type { Door } from '../policy/door.js';
import type { RuleAnswer } from '../policy/rules/ruling.js';
import type { AccessExplainer } from './rpc/ports.js';

/** Tells in the words of ExplainAccess how the door would decide. */
export function doorExplainer(door: Pick<Door, 'explain'>): AccessExplainer {
  return {
    explain: (identity, meetupId) => {
      const { answer, rules, isByPolicy } = door.explain(identity, meetupId);
      const steps = isByPolicy ? stepsOf(rules) : [];
      if ('label' in answer) {
        const { label: refusal, detail: reason, rule = '' } = answer;
        return { allowed: false, refusal, role: '', rule, reason, steps };
      }
      const { role, rule, reason, wouldDeny = reason } = answer;
      return { allowed: true, refusal: '', role, rule, reason: wouldDeny, steps };
    },
  };
}

function stepsOf(rules: readonly RuleAnswer[]): string[] {
  return rules
    .filter(({ answer }) => answer !== 'unasked')
    .map(({ rule, answer, why }) => `rule "${rule}" ${answer}: ${why}`);
}
