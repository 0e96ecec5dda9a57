import { randomUUID } from 'node:crypto';
import type { SessionView } from '../../session/views/view.js';

/** Something that happened to a session: `before` is absent when it began. */
export interface Change {
  /** Counts the changes of this process, from 1. */
  readonly revision: number;
  readonly before: SessionView | undefined;
  readonly after: SessionView;
}

/**
 * The last changes, for all watchers together: a watcher is a place in here, not a queue of its own, so that any number of
 * slow ones cost the same memory.
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

  /** The change that follows that revision: `none` when that is the newest, `lost` when it is no longer kept. */
  following(revision: number): Change | 'none' | 'lost' {
    if (revision >= this.#revision) return 'none';
    const change = this.#ring[(revision + 1) % this.#ring.length];
    return change?.revision === revision + 1 ? change : 'lost';
  }
}
