import type { Peer } from '../session/peer.js';
import type { MessageObserver, Observer } from '../session/ports.js';
import type { Session } from '../session/session.js';
import type { Tap } from './tap.js';

/** Which sessions are tapped. While none is, a message costs one comparison. */
export class Taps implements MessageObserver, Observer {
  readonly #taps = new Map<Session, Set<Tap>>();

  /** Sessions that are tapped. */
  get size(): number {
    return this.#taps.size;
  }

  /** Shows a session to a tap; the function takes the tap away. */
  attach(session: Session, tap: Tap): () => void {
    const taps = this.#taps.get(session) ?? new Set();
    this.#taps.set(session, taps.add(tap));
    return () => {
      taps.delete(tap);
      if (taps.size === 0 && this.#taps.get(session) === taps) this.#taps.delete(session);
    };
  }

  relayed(session: Session, from: Peer, data: Buffer, binary: boolean): Buffer {
    if (this.#taps.size > 0) this.#show(session, from, data, binary);
    return data;
  }

  finished(session: Session): void {
    const taps = this.#taps.get(session);
    if (taps === undefined) return;
    this.#taps.delete(session);
    for (const tap of taps) tap.end();
  }

  #show(session: Session, from: Peer, data: Buffer, binary: boolean): void {
    const taps = this.#taps.get(session);
    if (taps === undefined) return;
    for (const tap of taps) tap.see(session, from, data, binary);
  }
}
