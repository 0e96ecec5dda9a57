import type { Clock } from '../proxy/ports/clock.js';
import { peerClock } from './clock.js';

/** Time between two lines about calls that are refused because nobody is there, milliseconds. */
const TOLD_EVERY = 60_000;

/** Reasons of a bridge's refusals that mean that nobody is there to answer. */
const NOBODY: ReadonlySet<string> = new Set(['not_paired', 'moved', 'pair_late']);

/**
 * Tells of calls that the bridge refused because nobody is there: they never come to the proxy, so nobody else can count them. The first is told at
 * once, further ones by their number, once a minute.
 */
export class LonelyCalls {
  readonly #tell: (line: string) => void;
  readonly #clock: Clock;
  #refused = 0;
  #cancel: (() => void) | undefined;

  constructor(tell: (line: string) => void, clock: Clock = peerClock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  /** The bridge refused a call; other reasons than that nobody is there are not counted. */
  refused(reason: string, message: string, traceId: string): void {
    if (!NOBODY.has(reason)) return;
    if (this.#cancel !== undefined) {
      this.#refused += 1;
      return;
    }
    this.#tell(`ATTENTION: a call was refused, ${message} (${reason}); trace ${traceId}`);
    this.#wait();
  }

  /** Tells what has not been told, and waits no more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#flush();
  }

  #wait(): void {
    this.#cancel = this.#clock.after(TOLD_EVERY, () => {
      this.#cancel = undefined;
      if (this.#flush()) this.#wait();
    });
  }

  #flush(): boolean {
    const refused = this.#refused;
    this.#refused = 0;
    if (refused > 0) this.#tell(`ATTENTION: ${refused} more calls were refused in the last minute, as nobody is there`);
    return refused > 0;
  }
}
