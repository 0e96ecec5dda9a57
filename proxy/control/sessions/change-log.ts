import { randomUUID } from 'node:crypto';
import type { SessionView } from '../../session/views/view.js';

/** A change of a session; `before` is absent when the session began. */
export interface Change {
  /** Number of the change in this process, from 1. */
  readonly revision: number;
  readonly before: SessionView | undefined;
  readonly after: SessionView;
}

/**
 * The last changes, for all watchers together. A watcher is a position in this log and has no queue of its own, so any number of
 * slow watchers costs the same memory.
 */
export class ChangeLog {
  /** Names this process's run of revisions: a revision means nothing without it. */
  readonly epoch: string = randomUUID();
  readonly #ring: (Change | undefined)[];
  #revision = 0;

  /** @param capacity changes that are kept */
  constructor(capacity: number) {
    this.#ring = new Array<Change | undefined>(capacity).fill(undefined);
  }

  /** Revision of the newest change; 0 before the first. */
  get revision(): number {
    return this.#revision;
  }

  append(before: SessionView | undefined, after: SessionView): void {
    this.#revision += 1;
    this.#ring[this.#revision % this.#ring.length] = { revision: this.#revision, before, after };
  }

  /** Returns the change that follows a revision: `none` after the newest, `lost` when the change is no longer kept. */
  following(revision: number): Change | 'none' | 'lost' {
    if (revision >= this.#revision) return 'none';
    const change = this.#ring[(revision + 1) % this.#ring.length];
    return change?.revision === revision + 1 ? change : 'lost';
  }
}
