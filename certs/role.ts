/**
 * What a leaf is for. `server` is Envoy's; the others are clients and differ in nothing but the name that they get when none is
 * given: what a client may do is the policy's to say.
 */
export const ROLES = ['server', 'manager', 'gateway', 'admin', 'client'] as const;
/** One of them. */
export type Role = (typeof ROLES)[number];
