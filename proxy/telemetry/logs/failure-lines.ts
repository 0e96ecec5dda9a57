import type { Clock } from '../../ports/clock.js';
import { clean } from '../../wire/safe-text.js';
import type { MeetupLevels } from './meetup-levels.js';

/** Time after which every meetup may have lines again, and what was left out is told, milliseconds. */
export const FAILURE_WINDOW = 60_000;
/** Lines for failed calls of one meetup in that time. */
export const FAILURE_LINES = 5;
/** Meetups that have lines for failed calls in that time; those of further ones are told as one sum. */
export const FAILING_MEETUPS = 1_000;

/** Bounds the lines about failed calls: a few for each meetup in a while, and then how many were left out. */
export class FailureLines {
  readonly #levels: MeetupLevels;
  /** Failed calls of each meetup in this window. */
  readonly #failed = new Map<string, number>();
  /** Failed calls of meetups that found no room. */
  #others = 0;

  constructor(levels: MeetupLevels) {
    this.#levels = levels;
  }

  /** Begins to tell what was left out, window by window; the function returned stops it. */
  start(clock: Clock): () => void {
    return clock.every(FAILURE_WINDOW, () => this.flush());
  }

  /** Counts a failed call; false when it may have no line. */
  take(meetupId: string): boolean {
    const before = this.#failed.get(meetupId);
    if (before === undefined && this.#failed.size >= FAILING_MEETUPS) {
      this.#others += 1;
      return false;
    }
    this.#failed.set(meetupId, (before ?? 0) + 1);
    return (before ?? 0) < FAILURE_LINES;
  }

  /** Tells what was left out, and begins a new window. */
  flush(): void {
    for (const [meetupId, failed] of this.#failed) {
      const left_out = failed - FAILURE_LINES;
      if (left_out > 0) this.#levels.of(meetupId).info({ meetup: clean(meetupId), left_out }, LEFT_OUT);
    }
    this.#failed.clear();
    if (this.#others > 0) this.#levels.of('').info({ left_out: this.#others }, `${LEFT_OUT}, of further meetups`);
    this.#others = 0;
  }
}

const LEFT_OUT = 'invocations failed without a line of their own';
