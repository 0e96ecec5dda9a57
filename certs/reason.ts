/** Reasons for a revocation and their codes (RFC 5280 §5.3.1). */
export const REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

/** The name of a reason. */
export type Reason = keyof typeof REASONS;

/** The reason of a code; an unknown code is `unspecified`. */
export function reasonOf(code: number | undefined): Reason {
  const isReason = (name: string): name is Reason => name in REASONS;
  const names = Object.keys(REASONS).filter(isReason);
  return names.find((name) => REASONS[name] === code) ?? 'unspecified';
}
