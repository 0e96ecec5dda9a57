import type { Clock } from '../ports/clock.js';
import type { Steering } from '../session/steering.js';
import { Guard, type GuardFile, type GuardFiles } from './guard.js';

/** Receives reports about the files that admission depends on. */
export interface EnforcementReport {
  /** A version of the file is in force, the first or a later one. */
  loaded(file: GuardFile, guard: Guard): void;
  /** A later version is in force, and ended that many connections. */
  reloaded(file: GuardFile, ended: number): void;
  /** The file cannot be used and the last good version stays in force. */
  refused(file: GuardFile, why: string): void;
  /** Nobody may be served until the revocation list begins. */
  waiting(why: string): void;
}

export interface EnforcementParts {
  readonly files: GuardFiles;
  readonly clock: Clock;
  readonly steering: Steering;
  readonly report: EnforcementReport;
}

/** Applies the guard to live peers: a later version of a file ends the peers that it no longer allows. */
export class Enforcement {
  readonly guard: Guard;
  #ended = 0;

  private constructor(guard: Guard) {
    this.guard = guard;
  }

  /** Opens the files and watches them. Throws UnusableFile. */
  static async open({ files, clock, steering, report }: EnforcementParts): Promise<Enforcement> {
    let opened: Enforcement | undefined;
    const guard = await Guard.open(files, clock, {
      changed: async (file) => {
        // A file may change while the next file is opened, before there is any peer to end.
        if (opened === undefined) return;
        const ended = await opened.#sweep(steering);
        report.loaded(file, opened.guard);
        report.reloaded(file, ended);
      },
      refused: (file, why) => report.refused(file, why),
      waiting: (why) => report.waiting(why),
    });
    opened = new Enforcement(guard);
    for (const file of ['policy', 'crl'] as const) report.loaded(file, guard);
    return opened;
  }

  /** Connections that changes of the files have ended so far. */
  get ended(): number {
    return this.#ended;
  }

  /** Judges in slices of the event loop, since there may be many peers and a large policy. */
  async #sweep(steering: Steering): Promise<number> {
    const ended = await steering.sweepInSlices((admission) => this.guard.verdict(admission));
    this.#ended += ended;
    return ended;
  }
}
