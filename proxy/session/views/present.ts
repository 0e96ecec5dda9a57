import { bearerOf } from '../../x509/identity.js';
import type { Peer } from '../life/peer.js';
import type { Session } from '../life/session.js';
import { aloneIn, type Load, type LoadSource, loadOf, type PresentCounts } from './load.js';

/**
 * The one table of live connections, by uid, and of live sessions, by meetup and by uid. The registry writes it, the rest of the core
 * reads it, and code outside the core reads it through an Overview.
 */
export class Present implements LoadSource {
  readonly #peers = new Map<string, Peer>();
  readonly #byMeetup = new Map<string, Session>();
  readonly #byUid = new Map<string, Session>();
  /** Live sessions by the bearer who came first. */
  readonly #byOpener = new Map<string, number>();
  #greeting = 0;
  #paired = 0;

  get counts(): PresentCounts {
    const paired = this.#paired;
    const { size: sessions } = this.#byMeetup;
    return { connections: this.#peers.size, greeting: this.#greeting, waiting: sessions - paired, paired };
  }

  /** Connections that have not ended, in the order in which they came. */
  get peers(): Iterable<Peer> {
    return this.#peers.values();
  }

  /** Live sessions by meetup id, oldest first. */
  get sessions(): ReadonlyMap<string, Session> {
    return this.#byMeetup;
  }

  peer(uid: string): Peer | undefined {
    return this.#peers.get(uid);
  }

  session(uid: string): Session | undefined {
    return this.#byUid.get(uid);
  }

  /** Number of live sessions whose first peer is this bearer (`bearerOf`). */
  openedBy(bearer: string): number {
    return this.#byOpener.get(bearer) ?? 0;
  }

  load(): Load {
    return loadOf(this.#peers.values());
  }

  alone(now: number): ReturnType<typeof aloneIn> {
    return aloneIn(this.#byUid.values(), now);
  }

  /** Adds an accepted connection. */
  came(peer: Peer): void {
    this.#peers.set(peer.uid, peer);
    this.#greeting += 1;
  }

  /** Notes that a connection sent its HELLO. */
  greeted(): void {
    this.#greeting -= 1;
  }

  /** Removes a connection that has ended. */
  went(peer: Peer): void {
    if (!this.#peers.delete(peer.uid)) return;
    // A peer that never sat still counts as greeting.
    if (peer.session === undefined) this.#greeting -= 1;
  }

  /** Adds a session whose first peer sits. */
  opened(session: Session): void {
    this.#byMeetup.set(session.meetupId, session);
    this.#byUid.set(session.uid, session);
    const opener = openerOf(session);
    this.#byOpener.set(opener, this.openedBy(opener) + 1);
  }

  /** Notes that a second peer sits beside the first. */
  paired(): void {
    this.#paired += 1;
  }

  /** Removes a session that has ended: its meetup is free. */
  closed(session: Session): void {
    if (!this.#byUid.delete(session.uid)) return;
    this.#byMeetup.delete(session.meetupId);
    if (session.peers.length === 2) this.#paired -= 1;
    const opener = openerOf(session);
    const left = this.openedBy(opener) - 1;
    if (left > 0) this.#byOpener.set(opener, left);
    else this.#byOpener.delete(opener);
  }
}

function openerOf({ state }: Session): string {
  return bearerOf(state.first.admission.identity);
}
