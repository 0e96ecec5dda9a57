import type { Clock } from '../ports/clock.js';
import type { Steering } from '../session/steering.js';
import { Guard, type GuardFile, type GuardFiles } from './guard.js';

/** Is told what becomes of the files that say who may be here. */
export interface EnforcementReport {
  /** A version of the file is in force: the first, or another. */
  loaded(file: GuardFile, guard: Guard): void;
  /** Another version is in force, and ended that many connections. */
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

/** The guard, enforced: a later version of a file ends whoever it no longer allows. */
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
        // One file may change while the next is opened: nobody is here yet.
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

  /** In slices of the event loop, since it may judge many peers by a large policy. */
  async #sweep(steering: Steering): Promise<number> {
    const ended = await steering.sweepInSlices((admission) => this.guard.verdict(admission));
    this.#ended += ended;
    return ended;
  }
}
