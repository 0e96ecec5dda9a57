import type { Identity } from '../../x509/identity.js';
import type { Decision, Policy } from './decision.js';
import { FittingRules } from './fitting-rules.js';
import type { ControlRights } from './rights.js';
import { judge, judgeMeetup, type Rule, type RuleFit } from './rule.js';

/** The answer of one rule. `unasked`: an earlier rule had decided. */
export interface RuleAnswer {
  readonly rule: string;
  readonly effect: 'allow' | 'deny';
  readonly answer: 'fits' | 'missed' | 'unasked';
  /** The part of the rule that missed; later parts are nearer to a fit. */
  readonly missed?: 'certificate' | 'meetup' | 'binding';
  /** The reason why the rule missed, or the template by which it fits; empty when unasked. */
  readonly why: string;
}

export interface Explanation {
  /** The decision that `decide` would return. */
  readonly decision: Decision;
  /** Every rule, in the order of the file. */
  readonly rules: readonly RuleAnswer[];
}

export type Mode = 'enforce' | 'audit';

/** A policy that can also explain its decision. */
export interface ExplainedPolicy extends Policy {
  explain(identity: Identity, meetupId: string): Explanation;
}

/** A policy file, ready to be asked; it never changes. */
export interface CompiledPolicy extends ExplainedPolicy, ControlRights {
  readonly mode: Mode;
  readonly ruleCount: number;
}

/** The rule name of a decision that no rule made, while the policy only audits. */
export const AUDIT_RULE = 'audit';

/**
 * Makes the policy of a list of rules. The first rule that fits both certificate and meetup id decides; without such a rule the client
 * is denied.
 */
export function ruling(mode: Mode, rules: readonly Rule[], rightsOf: ControlRights['rightsOf']): CompiledPolicy {
  const fittingRules = new FittingRules(rules);
  const decide = (identity: Identity, meetupId: string): Decision => {
    for (const { rule, evidence } of fittingRules.of(identity)) {
      const verdict = judgeMeetup(rule, identity, meetupId, evidence);
      if (verdict.fits) return fitting(mode, rule, verdict.template.text);
    }
    return denied(mode, () => sentence(nearestOf(identity, meetupId)));
  };
  /** The nearest of all rules, which the refused client is told. */
  const nearestOf = (identity: Identity, meetupId: string): NearestRule | undefined => {
    let nearest: NearestRule | undefined;
    for (const rule of rules) {
      const verdict = judge(rule, identity, meetupId);
      if (!verdict.fits && rule.effect === 'allow' && verdict.nearness > (nearest?.miss.nearness ?? -1))
        nearest = { rule, miss: verdict };
    }
    return nearest;
  };
  const explain = (identity: Identity, meetupId: string): Explanation => ({
    decision: decide(identity, meetupId),
    rules: answers(rules, identity, meetupId),
  });
  return { mode, ruleCount: rules.length, decide, explain, rightsOf };
}

interface NearestRule {
  readonly rule: Rule;
  readonly miss: Extract<RuleFit, { fits: false }>;
}

function fitting(mode: Mode, { name, effect, role, limits }: Rule, template: string): Decision {
  if (effect === 'deny') return denied(mode, () => `rule ${JSON.stringify(name)} denies ${template}`, name);
  return { allowed: true, role, limits, rule: name, reason: `rule ${JSON.stringify(name)} allows ${template}` };
}

/**
 * Makes a denial. Its reason is made on demand, because it asks every rule, and a look through all peers after a change needs no
 * reasons.
 */
function denied(mode: Mode, why: () => string, rule?: string): Decision {
  if (mode === 'audit') {
    return {
      allowed: true,
      role: 'any',
      limits: {},
      rule: rule ?? AUDIT_RULE,
      reason: 'the policy only audits',
      get wouldDeny() {
        return why();
      },
    };
  }
  return {
    allowed: false,
    ...(rule !== undefined && { rule }),
    get reason() {
      return why();
    },
  };
}

/** Writes the reason for the peer: it names values of the peer's own certificate, and nothing of rules for others. */
function sentence(nearest: NearestRule | undefined): string {
  if (nearest === undefined || nearest.miss.missed === 'certificate') return 'no rule is for this certificate';
  return `no rule allows it; in the nearest, ${JSON.stringify(nearest.rule.name)}, ${nearest.miss.describe()}`;
}

function answers(rules: readonly Rule[], identity: Identity, meetupId: string): readonly RuleAnswer[] {
  let isDecided = false;
  return rules.map((rule) => {
    const told = { rule: rule.name, effect: rule.effect };
    if (isDecided) return { ...told, answer: 'unasked', why: '' };
    const verdict = judge(rule, identity, meetupId);
    isDecided = verdict.fits;
    return verdict.fits
      ? { ...told, answer: 'fits', why: verdict.template.text }
      : { ...told, answer: 'missed', missed: verdict.missed, why: verdict.describe() };
  });
}
