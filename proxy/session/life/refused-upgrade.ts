import type { Refusal } from '../../wire/close.js';
import type { Identity } from '../../x509/identity.js';

/** An upgrade that was refused before the 101. */
export interface RefusedUpgrade {
  readonly refusal: Refusal;
  /** The reason in full, for operators; the refusal has the part that the client was told. */
  readonly detail: string;
  /** Request target, cut to a bounded length. */
  readonly target: string;
  /** Present once the identity is known. */
  readonly identity?: Identity;
  readonly meetupId?: string;
  /** Address of the client as the edge saw it; empty when unknown. */
  readonly remote: string;
  /** `x-request-id`; empty when unknown. */
  readonly requestId: string;
  /** Incarnation of the replica that handed it on; absent where it came here itself. */
  readonly via?: string;
}
