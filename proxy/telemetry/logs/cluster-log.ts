import { clean } from '../../wire/safe-text.js';
import type { Logger } from './logger.js';

/** Writes a line for each change of this replica's standing in the fleet, and for what it says of others. */
export class ClusterLog {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param why why it takes nobody to new meetups; undefined when it does */
  stands(standing: string, incarnation: string, why: string | undefined): void {
    if (standing === 'stopped') this.#log.info({ incarnation }, 'this replica has left the fleet');
    else if (why === undefined) this.#log.info({ standing, incarnation }, 'this replica belongs to the fleet');
    else this.#log.warn({ standing, incarnation, detail: why }, 'this replica takes no newcomers to new meetups');
  }

  /** The incarnation before this one was declared dead, or the store lost its record. */
  reincarnated(incarnation: string, why: string): void {
    this.#log.warn({ incarnation, reason: why }, 'this replica goes on under a new incarnation');
  }

  declared(incarnation: string, why: string): void {
    this.#log.warn({ incarnation: clean(incarnation), detail: why }, 'replica declared dead');
  }

  /** @param time how long the process was stopped, milliseconds */
  woken(time: number): void {
    this.#log.warn(
      { stopped_ms: Math.round(time) },
      'this process was stopped: it reads nobody until it knows what it still serves',
    );
  }

  deposed(meetups: number): void {
    this.#log.warn({ meetups }, 'other replicas serve meetups of this one now: their peers here are sent away');
  }

  store(level: 'info' | 'warn' | 'error', what: string, detail: string | undefined): void {
    this.#log[level](detail === undefined ? {} : { detail: clean(detail) }, what);
  }
}
