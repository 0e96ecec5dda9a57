import type { Peer } from './life/peer.js';
import type { Session } from './life/session.js';

/** Time for which requests are held back in one go; as long again they pass, milliseconds. */
export const LULL = 2_000;

/** A session that a drain wants to close, and has to let finish first. */
interface Ebbing {
  readonly session: Session;
  /** Peers that may be held back. */
  readonly patient: readonly Peer[];
  /** When its turn came, steady clock. */
  readonly since: number;
  isHeld: boolean;
}

/**
 * Leads busy sessions to a moment in which nothing is in flight: under load there is none by itself. Peers that send again what was not
 * taken are not read meanwhile [CLOSE-9]. Where one long call keeps the moment from coming they are read again in between, so that other
 * calls do not wait for it; in the end they are not, so that no call is cut that takes less than that time.
 */
export class DrainLull {
  readonly #ebbing = new Map<Session, Ebbing>();

  /** The turn of a session has come. */
  begin(session: Session, now: number): void {
    if (this.#ebbing.has(session)) return;
    const patient = session.peers.filter((peer) => peer.hello?.resends === true);
    this.#ebbing.set(session, { session, patient, since: now, isHeld: false });
  }

  /** Whether the turn of a session has come. */
  has(session: Session): boolean {
    return this.#ebbing.has(session);
  }

  /** Sessions whose turn has come and that have not ended; holds back, or lets pass, by the time. From `last` on nothing passes. */
  *look(now: number, last: number): Generator<Session> {
    for (const one of this.#ebbing.values()) {
      const { session, since } = one;
      if (session.state.t === 'finished') {
        this.#ebbing.delete(session);
        continue;
      }
      hold(one, now >= last || (now - since) % (2 * LULL) < LULL);
      yield session;
    }
  }
}

function hold(one: Ebbing, isHeld: boolean): void {
  if (one.isHeld === isHeld) return;
  one.isHeld = isHeld;
  for (const peer of one.patient) {
    if (isHeld) peer.hold('drain');
    else peer.release('drain');
  }
}
