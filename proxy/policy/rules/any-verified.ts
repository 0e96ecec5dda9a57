import type { Decision } from './decision.js';
import type { ExplainedPolicy } from './ruling.js';

/** The word for a policy that is not a file. */
export const ANY_VERIFIED = 'any-verified';

const EVERYWHERE: Decision = {
  allowed: true,
  role: 'any',
  limits: {},
  rule: ANY_VERIFIED,
  reason: 'the policy any-verified allows every verified certificate everywhere',
};

/** `--policy any-verified`: whoever holds a certificate that the edge verified may sit anywhere, as the old proxy had it. */
export const anyVerified: ExplainedPolicy = {
  decide: () => EVERYWHERE,
  explain: () => ({ decision: EVERYWHERE, rules: [] }),
};
