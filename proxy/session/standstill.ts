import type { Peer, Receiver } from './life/peer.js';
import type { Present } from './views/present.js';

/** A message that came although its peer is not read. */
interface Kept {
  readonly peer: Peer;
  readonly data: Buffer;
  readonly binary: boolean;
}

/** The receiver of a peer during a standstill: it keeps what arrives, and lets the rest of the peer's life go on. */
class Withheld implements Receiver {
  readonly before: Receiver;
  readonly #peer: Peer;
  readonly #kept: Kept[];

  constructor(peer: Peer, kept: Kept[]) {
    this.before = peer.receiver;
    this.#peer = peer;
    this.#kept = kept;
  }

  message(data: Buffer, binary: boolean): void {
    // The bytes are the transport's, and it uses them again.
    this.#kept.push({ peer: this.#peer, data: Buffer.from(data), binary });
  }

  progress(backlog: number): void {
    this.before.progress(backlog);
  }
}

/**
 * The time for which this replica reads nobody, because it stood still and does not know yet which meetups it still has: no message is
 * relayed and nobody is seated until it ends [CLOSE-10]. What a connection had already read still arrives: it waits here, in the order
 * in which it came. That is at most what one read of each connection had brought, because reading itself stops.
 */
export class Standstill {
  readonly #present: Present;
  #kept: Kept[] | undefined;

  constructor(present: Present) {
    this.#present = present;
  }

  /** Begins, for every connection that is here or comes. */
  hold(): void {
    if (this.#kept !== undefined) return;
    this.#kept = [];
    for (const peer of this.#present.peers) withhold(peer, this.#kept);
  }

  /** A connection came; called once its receiver is set. */
  came(peer: Peer): void {
    if (this.#kept !== undefined) withhold(peer, this.#kept);
  }

  /** Ends: what waited goes on first, in its order. A message of a peer that has ended meanwhile reaches nobody. */
  release(): void {
    const kept = this.#kept;
    if (kept === undefined) return;
    this.#kept = undefined;
    const peers = [...this.#present.peers];
    for (const peer of peers) if (peer.receiver instanceof Withheld) peer.receiver = peer.receiver.before;
    for (const { peer, data, binary } of kept) peer.message(data, binary);
    for (const peer of peers) peer.release('standstill');
  }
}

function withhold(peer: Peer, kept: Kept[]): void {
  if (peer.state.t === 'ended') return;
  peer.receiver = new Withheld(peer, kept);
  peer.hold('standstill');
}
