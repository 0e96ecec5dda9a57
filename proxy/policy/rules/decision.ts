import type { Identity } from '../../x509/identity.js';

/** The seat that a rule gives. `any` may sit beside every other role, also beside another `any`. */
export type Role = 'manager' | 'gateway' | 'any';

/** Bounds that a rule sets for each identity it admits. The service's options set the bounds that the rule leaves out. */
export interface Limits {
  /** Connections of one identity at one time. */
  readonly connections?: number;
  /** Messages a second that one connection may send. */
  readonly messagesPerSecond?: number;
  /** Bytes a second that one connection may send. */
  readonly bytesPerSecond?: number;
}

/** The answer to "may this identity sit at this meetup?". `reason` is one sentence for people and never secret. */
export type Decision =
  | {
      readonly allowed: true;
      readonly role: Role;
      readonly limits: Limits;
      readonly rule: string;
      readonly reason: string;
      /** Set while the policy only audits: the reason why an enforced policy would deny the seat. */
      readonly wouldDeny?: string;
    }
  | { readonly allowed: false; readonly rule?: string; readonly reason: string };

/** The policy that the layers above ask; a reload swaps the rules behind it. */
export interface Policy {
  decide(identity: Identity, meetupId: string): Decision;
}
