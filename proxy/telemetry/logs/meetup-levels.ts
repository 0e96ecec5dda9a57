import type { Clock } from '../../ports/clock.js';
import type { LogLevel } from '../../wire/log-levels.js';
import { clean } from '../../wire/safe-text.js';
import type { Logger } from './logger.js';

/** Most meetups that have a level of their own at one time. */
export const MAX_MEETUP_LEVELS = 64;

/** A level that one meetup has for a time. */
export interface MeetupLevel {
  readonly meetupId: string;
  readonly level: LogLevel;
  /** When it ends, milliseconds since the epoch. */
  readonly until: number;
  /** Subject of the certificate that set it. */
  readonly by: string;
}

interface Held extends MeetupLevel {
  readonly logger: Logger;
  readonly cancel: () => void;
}

/** Gives the logger for lines about a meetup: the service's own, or for a time one with another level. */
export class MeetupLevels {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** The logger for lines about this meetup, now. */
  of(meetupId: string): Logger {
    // Nearly always no meetup has a level of its own, and each call asks.
    return this.#held.size === 0 ? this.#log : (this.#held.get(meetupId)?.logger ?? this.#log);
  }

  /** Sets the level of a meetup for `ms` milliseconds, in place of one that it has; undefined when as many have one as may. */
  set(meetupId: string, level: LogLevel, ms: number, by: string): MeetupLevel | undefined {
    const before = this.#held.get(meetupId);
    if (before === undefined && this.#held.size >= MAX_MEETUP_LEVELS) return undefined;
    before?.cancel();
    const made = { meetupId, level, until: this.#clock.now() + ms, by };
    const cancel = this.#clock.after(ms, () => this.lift(meetupId));
    this.#held.set(meetupId, { ...made, cancel, logger: this.#log.child({}, { level }) });
    this.#log.info({ meetup: clean(meetupId), level, for_ms: ms, by: clean(by) }, 'log level of a meetup set');
    return made;
  }

  /** Ends the level of a meetup before its time; false when it has none. */
  lift(meetupId: string): boolean {
    const held = this.#held.get(meetupId);
    if (held === undefined) return false;
    held.cancel();
    this.#held.delete(meetupId);
    this.#log.info({ meetup: clean(meetupId), level: held.level }, 'log level of a meetup ended');
    return true;
  }

  /** The levels in force, that which ends first before the others. */
  list(): readonly MeetupLevel[] {
    const all = [...this.#held.values()].map(({ meetupId, level, until, by }) => ({ meetupId, level, until, by }));
    return all.sort((a, b) => a.until - b.until);
  }
}
