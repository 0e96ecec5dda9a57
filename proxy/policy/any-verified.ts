import type { Decision, Policy } from './decision.js';

const EVERYWHERE: Decision = {
  allowed: true,
  role: 'any',
  limits: {},
  rule: 'any-verified',
  reason: 'the policy any-verified allows every verified certificate everywhere',
};

/** `--policy any-verified`: whoever holds a certificate that the edge verified may sit anywhere, as the old proxy had it. */
export const anyVerified: Policy = { decide: () => EVERYWHERE };
