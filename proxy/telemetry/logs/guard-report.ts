import type { Logger } from 'pino';
import type { Clock } from '../../ports/clock.js';
import type { Gauges } from '../metrics/gauges.js';

/** The files in force, as far as the metrics report them. */
export interface FilesInForce {
  /** Absent where the policy is no file. */
  readonly policyFile: { readonly loadedAt: number; readonly digest: string } | undefined;
  /** Absent where there is no revocation list. */
  readonly crl:
    | {
        readonly status: readonly {
          readonly entries: number;
          readonly thisUpdate: number;
          readonly nextUpdate: number | undefined;
        }[];
      }
    | undefined;
  /** Set while nobody may be served, since the revocation list has not begun. */
  readonly waiting: string | undefined;
}

/** The nextUpdate of a list that names none, when lists are ordered by it. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** Reports to metrics and log what happens to the files of the admission: `policy`, `crl` and `deny_list`. */
export class GuardReport {
  readonly #gauges: Gauges;
  readonly #log: Logger;
  readonly #clock: Clock;

  constructor(gauges: Gauges, log: Logger, clock: Clock) {
    this.#gauges = gauges;
    this.#log = log;
    this.#clock = clock;
  }

  loaded(file: string, { policyFile, crl, waiting }: FilesInForce): void {
    if (file === 'policy') this.#gauges.policyDigest(policyFile?.digest ?? '');
    if (file === 'policy') this.#gauges.policyLoaded((policyFile?.loadedAt ?? this.#clock.now()) / 1000, true);
    if (file !== 'crl' || crl === undefined) return;
    if (waiting !== undefined) {
      this.#gauges.crlFailed();
      return;
    }
    const revoked = crl.status.reduce((sum, { entries }) => sum + entries, 0);
    // The times are those of the first list to go stale; lists that never do come after all others.
    const [first] = crl.status.toSorted(
      (one, other) => (one.nextUpdate ?? NEVER) - (other.nextUpdate ?? NEVER) || one.thisUpdate - other.thisUpdate,
    );
    this.#gauges.crlLoaded(revoked, first?.thisUpdate ?? 0, first?.nextUpdate ?? 0);
  }

  reloaded(file: string, ended: number): void {
    this.#log.info({ file, ended }, 'reloaded');
  }

  waiting(why: string): void {
    const detail = why;
    this.#log.error({ file: 'crl', detail }, 'waiting: nobody is served until the clock or the list is right');
  }

  refused(file: string, why: string): void {
    if (file === 'policy') this.#gauges.policyLoaded(0, false);
    if (file === 'crl') this.#gauges.crlFailed();
    this.#log.error({ file, detail: why }, 'not usable: the last good version stays in force');
  }
}
