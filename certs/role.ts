/**
 * The role of a leaf. `server` is Envoy's; the others are clients and differ in nothing but the name that they get when none is
 * given: the policy says what a client may do.
 */
export const ROLES = ['server', 'manager', 'gateway', 'admin', 'client'] as const;
/** One of them. */
export type Role = (typeof ROLES)[number];
