import { setTimeout as wait } from 'node:timers/promises';
import { clientFrame, TEXT } from './frame.js';
import { type OpenLoopPlan, openLoop } from './open-loop.js';
import { closePairs, openPairs, type Pair } from './pair.js';
import type { Reached } from './target.js';
import { usageOf } from './usage.js';
import type { Measured } from './window.js';

export interface StuckReaderPlan {
  /** Body of what the flooding peer sends, bytes. */
  readonly floodBytes: number;
  /** What the neighbours do, without it and beside it. */
  readonly neighbours: OpenLoopPlan;
  /** Process whose memory is watched. */
  readonly service: number;
}

export interface StuckReaderResult {
  readonly alone: Measured;
  readonly beside: Measured;
  /** Memory of the service before the flood, and the most that it held during it, bytes. */
  readonly residentBefore: number;
  readonly residentMost: number;
  /** Bytes that the proxy took from the flooding peer and that nobody read. */
  readonly taken: number;
}

/** Time between two looks at the memory, milliseconds. */
const LOOK_MS = 100;
/** Time in which what ended comes to rest, milliseconds. */
const REST_MS = 500;

/** One peer stops reading while the other sends all it can; neighbours are timed without this and beside it. */
export async function stuckReader(reached: Reached, plan: StuckReaderPlan): Promise<StuckReaderResult> {
  const alone = await openLoop(reached, plan.neighbours, {});
  await wait(REST_MS);
  const pairs = await openPairs(reached, 1);
  const residentBefore = usageOf(plan.service).residentBytes;
  let residentMost = residentBefore;
  const look = setInterval(() => {
    residentMost = Math.max(residentMost, usageOf(plan.service).residentBytes);
  }, LOOK_MS);
  try {
    const flood = pairs.map((pair) => new Flood(pair, plan.floodBytes));
    const beside = await openLoop(reached, plan.neighbours, {});
    const taken = flood.reduce((sum, { bytes }) => sum + bytes, 0);
    return { alone, beside, residentBefore, residentMost, taken };
  } finally {
    clearInterval(look);
    closePairs(pairs);
  }
}

class Flood {
  readonly #pair: Pair;
  readonly #frame: Buffer;

  constructor(pair: Pair, bodyBytes: number) {
    this.#pair = pair;
    this.#frame = clientFrame(TEXT, Buffer.alloc(bodyBytes, 'x'));
    pair.answerer.onEnd = () => {};
    pair.asker.onEnd = () => {};
    pair.answerer.socket.pause();
    pair.asker.socket.on('drain', () => this.#fill());
    this.#fill();
  }

  /** Bytes that left this process. */
  get bytes(): number {
    return this.#pair.asker.socket.bytesWritten - this.#pair.asker.socket.writableLength;
  }

  #fill(): void {
    while (this.#pair.asker.socket.writable && this.#pair.asker.socket.write(this.#frame));
  }
}
