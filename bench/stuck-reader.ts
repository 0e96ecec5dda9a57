import { clientFrame, TEXT } from './frame.js';
import { closePairs, openPairs, type Pair } from './pair.js';
import type { DialTarget } from './target.js';
import { usageOf } from './usage.js';

/** The cost of one peer that does not read. */
export interface FloodResult {
  /** Memory of the service before the flood, and the most that it held during it, bytes. */
  readonly residentBefore: number;
  readonly residentMost: number;
  /** Bytes that the proxy took from the flooding peer and that nobody read. */
  readonly taken: number;
}

/** Time between two looks at the memory, milliseconds. */
const LOOK_MS = 100;

/** A pair of which one peer has stopped reading while the other sends all it can. */
export class StuckReader {
  readonly #pair: Pair;
  readonly #frame: Buffer;
  readonly #service: number;
  readonly #residentBefore: number;
  readonly #looking: NodeJS.Timeout;
  #residentMost: number;
  /** The reason why the pair ended while it was measured: what it held is gone then. */
  #ended: string | undefined;

  private constructor(pair: Pair, floodBytes: number, service: number) {
    this.#pair = pair;
    this.#frame = clientFrame(TEXT, Buffer.alloc(floodBytes, 'x'));
    this.#service = service;
    this.#residentBefore = usageOf(service).residentBytes;
    this.#residentMost = this.#residentBefore;
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    for (const link of [pair.answerer, pair.asker]) {
      link.onEnd = (reason) => {
        this.#ended ??= reason;
      };
    }
    pair.answerer.socket.pause();
    pair.asker.socket.on('drain', () => this.#fill());
    this.#fill();
  }

  /**
   * @param floodBytes body of what the flooding peer sends
   * @param service process whose memory is watched
   */
  static async open(target: DialTarget, floodBytes: number, service: number): Promise<StuckReader> {
    const [pair] = await openPairs(target, 1);
    if (pair === undefined) throw new Error('no pair');
    return new StuckReader(pair, floodBytes, service);
  }

  /** Ends the measurement. Throws if the pair ended before. */
  close(): FloodResult {
    clearInterval(this.#looking);
    this.#look();
    const { bytesWritten, writableLength } = this.#pair.asker.socket;
    closePairs([this.#pair]);
    if (this.#ended !== undefined) throw new Error(`the stuck pair ended while it was measured: ${this.#ended}`);
    return {
      residentBefore: this.#residentBefore,
      residentMost: this.#residentMost,
      taken: bytesWritten - writableLength,
    };
  }

  #look(): void {
    this.#residentMost = Math.max(this.#residentMost, usageOf(this.#service).residentBytes);
  }

  #fill(): void {
    while (this.#pair.asker.socket.writable && this.#pair.asker.socket.write(this.#frame));
  }
}
