import type { MessageObserver, RelayedPeer, RelayedSession } from '../../session/life/message-observer.js';
import type { Ending } from '../../wire/close.js';
import type { Tap } from './tap.js';

/** The taps of all sessions. While no session is tapped, a message costs one comparison. */
export class Taps implements MessageObserver {
  /** The taps of each session, by the uid of the session. */
  readonly #taps = new Map<string, Set<Tap>>();

  /** Number of sessions that are tapped. */
  get size(): number {
    return this.#taps.size;
  }

  /** Shows the session of that uid to a tap; the function returned takes the tap away. */
  attach(uid: string, tap: Tap): () => void {
    const taps = this.#taps.get(uid) ?? new Set();
    this.#taps.set(uid, taps.add(tap));
    return () => {
      taps.delete(tap);
      if (taps.size === 0 && this.#taps.get(uid) === taps) this.#taps.delete(uid);
    };
  }

  relayed(session: RelayedSession, from: RelayedPeer, data: Buffer, binary: boolean): Buffer {
    if (this.#taps.size > 0) this.#show(session, from, data, binary);
    return data;
  }

  finished({ uid }: RelayedSession, ending: Ending): void {
    const taps = this.#taps.get(uid);
    if (taps === undefined) return;
    this.#taps.delete(uid);
    for (const tap of taps) tap.end(ending);
  }

  #show(session: RelayedSession, from: RelayedPeer, data: Buffer, binary: boolean): void {
    const taps = this.#taps.get(session.uid);
    if (taps === undefined) return;
    for (const tap of taps) tap.see(session, from, data, binary);
  }
}
