import type { Limits, Role } from '../../policy/rules/decision.js';
import type { Identity } from '../../x509/identity.js';

/** Everything that was decided about a connection before it was accepted. */
export interface Admission {
  readonly identity: Identity;
  readonly meetupId: string;
  readonly role: Role;
  readonly limits: Limits;
  /** Name of the policy rule that admitted it. */
  readonly rule: string;
  /** Set while the policy only audits: the reason why an enforced policy would keep this peer out. */
  readonly wouldDeny?: string | undefined;
  /** Address of the client as the edge saw it, for people; empty when unknown. */
  readonly remote: string;
  /** `x-request-id` of the upgrade, which joins the edge's logs with ours; empty when unknown. */
  readonly requestId: string;
  /** `traceparent` that the edge put on the upgrade; empty when there was none. */
  readonly traceparent: string;
  /** Incarnation of the replica on which the client landed, which handed it on in one hop; absent where that is this one. */
  readonly via?: string | undefined;
}

/** A client that asks for a seat and is not accepted yet. */
export type Newcomer = Pick<Admission, 'identity' | 'meetupId' | 'role'>;

/** The reason why a newcomer gets no seat. */
export type SeatConflict = 'meetup_full' | 'role_taken' | 'meetups_full';
