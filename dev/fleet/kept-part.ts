import { setTimeout as delay } from 'node:timers/promises';
import type { Part } from '../part.js';
import { WaitError } from '../wait.js';
import type { FleetPart } from './fleet-part.js';

/** Times from the end of a part to its next start, milliseconds. */
interface AgainTimes {
  /** Long enough to see the others go on without it. */
  readonly first: number;
  /** Where it ends again and again before it serves, each time is twice the one before, up to this. */
  readonly most: number;
}

const AGAIN: AgainTimes = { first: 3_000, most: 30_000 };

/** A part ended before it served for the first time. */
export class PartEnded extends Error {
  override readonly name = 'PartEnded';
  /** The log in which it says why. */
  readonly log: string;

  constructor(part: string, how: string, log: string) {
    super(`${part} ${how}: its log is ${log}`);
    this.log = log;
  }
}

/** What the fleet is told of its parts. */
export interface PartNews {
  /** A line for the terminal, about that part. */
  say(name: string, text: string): void;
  /** Another process runs for it now, or none. */
  changed(): void;
}

/** A part of the fleet that is started again whenever it ends, until it is stopped. */
export class KeptPart {
  readonly plan: FleetPart;
  readonly #news: PartNews;
  readonly #again: AgainTimes;
  readonly #stopping = new AbortController();
  /** The process that runs now. */
  #part: Part | undefined;
  #keeping: Promise<void> | undefined;

  constructor(plan: FleetPart, news: PartNews, again = AGAIN) {
    this.plan = plan;
    this.#news = news;
    this.#again = again;
  }

  /** The process that runs now; undefined between the end of one and the start of the next. */
  get pid(): number | undefined {
    return this.#part?.pid;
  }

  /**
   * Starts it for the first time and waits until it serves. A part that ends before is not started again: throws PartEnded, a WaitError
   * where it takes too long, the signal's reason on abort.
   */
  async begin(signal: AbortSignal): Promise<void> {
    const part = this.#start(false);
    await this.#served(part, signal, false);
    this.#keeping = this.#keep(part);
  }

  /** Stops it for good; settles when its process is gone. */
  async stop(graceMs = this.plan.stopMs): Promise<void> {
    this.#stopping.abort();
    await this.#part?.stop(graceMs);
    await this.#keeping;
  }

  #start(isAnew: boolean): Part {
    const part = this.plan.start(isAnew);
    this.#part = part;
    this.#news.changed();
    part.ended.then(() => {
      if (this.#part !== part) return;
      this.#part = undefined;
      if (!this.#stopping.signal.aborted) this.#news.changed();
    });
    return part;
  }

  async #served(part: Part, signal: AbortSignal, isAnew: boolean): Promise<void> {
    const died = new AbortController();
    part.ended.then((how) => died.abort(new PartEnded(this.plan.name, how, part.log)));
    await this.plan.ready(AbortSignal.any([signal, died.signal]), isAnew);
  }

  async #keep(first: Part): Promise<void> {
    let part = first;
    let wait = this.#again.first;
    const { name, log } = this.plan;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const how = await part.ended;
      if (signal.aborted) return;
      this.#news.say(name, `${how}; it starts again in ${wait / 1000} s; its log is ${log}`);
      await pause(wait, signal);
      if (signal.aborted) return;
      part = this.#start(true);
      wait = (await this.#isBack(part)) ? this.#again.first : Math.min(2 * wait, this.#again.most);
    }
  }

  /** True when it serves again; false when it ended before. A part that takes long is left alone, since it may wait for another one. */
  async #isBack(part: Part): Promise<boolean> {
    const { signal } = this.#stopping;
    for (;;) {
      try {
        await this.#served(part, signal, true);
        this.#news.say(this.plan.name, `is back (process ${part.pid})`);
        return true;
      } catch (error) {
        if (!(error instanceof WaitError)) return false;
        this.#news.say(this.plan.name, 'is not ready yet');
      }
    }
  }
}

/** Ends early when the signal comes. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return delay(milliseconds, undefined, { signal }).catch(() => {});
}
