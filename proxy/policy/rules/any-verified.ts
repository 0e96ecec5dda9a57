import type { Decision } from './decision.js';
import type { ExplainedPolicy } from './ruling.js';

/** The option value that stands for this policy in place of a file. */
export const ANY_VERIFIED = 'any-verified';

const EVERYWHERE: Decision = {
  allowed: true,
  role: 'any',
  limits: {},
  rule: ANY_VERIFIED,
  reason: 'the policy any-verified allows every verified certificate everywhere',
};

/** `--policy any-verified`: a client with a certificate that the edge verified may sit anywhere, as in the old proxy. */
export const anyVerified: ExplainedPolicy = {
  decide: () => EVERYWHERE,
  explain: () => ({ decision: EVERYWHERE, rules: [] }),
};
