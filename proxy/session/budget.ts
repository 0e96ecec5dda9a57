import { bearerOf } from '../x509/identity.js';
import type { Peer } from './life/peer.js';
import type { Steering } from './steering.js';
import type { Present } from './views/present.js';

/** Part of the budget above which the largest holders have to go; the rest is room for what comes between two counts. */
const TIGHT = 0.8;

/** The memory that the peers of one bearer hold together. */
interface Holding {
  bytes: number;
  readonly peers: Peer[];
}

/**
 * Keeps below one bound the bytes that wait for all peers, and the bytes of unfinished messages. Every certificate that holds any has
 * the same share of the bound. When memory is tight, the largest holder among the peers of the largest certificate goes, and so on
 * until it is no longer tight. A peer that holds little is never shed, and nobody is kept out because of others.
 */
export class Budget {
  readonly #present: Present;
  readonly #steering: Steering;
  readonly #tight: number;
  #held = 0;
  /** Certificates that had more than their share at the last count, if memory was tight. */
  #above: ReadonlySet<string> = new Set();

  constructor(present: Present, steering: Steering, maxBytes: number) {
    this.#present = present;
    this.#steering = steering;
    this.#tight = maxBytes * TIGHT;
  }

  /** Bytes held at the last count, less those of the peers that were shed. */
  get held(): number {
    return this.#held;
  }

  /**
   * True while newcomers of this bearer should stay away: memory is tight, and the bearer's peers hold more than their
   * share.
   */
  keepsOut(bearer: string): boolean {
    return this.#above.has(bearer);
  }

  /** Counts, and sheds peers when memory is tight. */
  enforce(): void {
    const holdings = this.#count();
    this.#above = new Set();
    if (this.#held <= this.#tight) return;
    const share = this.#tight / holdings.size;
    this.#above = new Set([...holdings].flatMap(([bearer, { bytes }]) => (bytes > share ? [bearer] : [])));
    const shed = this.#relieve(holdings);
    this.#steering.endEach(new Map(shed.map((peer) => [peer, { label: 'overload' }])));
    // A close handshake would hold the peer's backlog until the peer takes it.
    for (const { socket } of shed) socket.terminate();
  }

  #count(): Map<string, Holding> {
    const holdings = new Map<string, Holding>();
    this.#held = 0;
    for (const peer of this.#present.peers) {
      const bytes = heldBy(peer);
      if (bytes === 0) continue;
      const bearer = bearerOf(peer.admission.identity);
      const holding = holdings.get(bearer) ?? { bytes: 0, peers: [] };
      holdings.set(bearer, holding);
      holding.bytes += bytes;
      holding.peers.push(peer);
      this.#held += bytes;
    }
    return holdings;
  }

  /** The peers that have to go, the largest first. The other peer of a pair goes too, and its bytes count as freed. */
  #relieve(holdings: ReadonlyMap<string, Holding>): Peer[] {
    for (const { peers } of holdings.values()) peers.sort((one, two) => heldBy(one) - heldBy(two));
    const shed: Peer[] = [];
    const gone = new Set<Peer>();
    while (this.#held > this.#tight) {
      const peer = largest(holdings)?.peers.pop();
      if (peer === undefined) break;
      if (gone.has(peer)) continue;
      shed.push(peer);
      for (const one of peer.session?.peers ?? [peer]) {
        gone.add(one);
        this.#held -= heldBy(one);
        const holding = holdings.get(bearerOf(one.admission.identity));
        if (holding !== undefined) holding.bytes -= heldBy(one);
      }
    }
    return shed;
  }
}

function largest(holdings: ReadonlyMap<string, Holding>): Holding | undefined {
  let most: Holding | undefined;
  for (const holding of holdings.values()) {
    if (holding.peers.length > 0 && (most === undefined || holding.bytes > most.bytes)) most = holding;
  }
  return most;
}

function heldBy({ socket }: Peer): number {
  return socket.backlog + socket.gathered;
}
