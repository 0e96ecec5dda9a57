import { randomBytes } from 'node:crypto';
import type { EventReader } from '../../session/views/events.js';
import type { Overview } from '../../session/views/overview.js';
import type { SessionView } from '../../session/views/view.js';

/** A change of a session; `before` is absent when the session began. */
export interface Change {
  /** Number of the change in this process, from 1. */
  readonly revision: number;
  readonly before: SessionView | undefined;
  readonly after: SessionView;
}

/**
 * The live sessions as of their last change, and the last changes, for all lists and watchers together. A watcher is a position among
 * the changes and has no queue of its own, so any number of slow watchers costs the same memory.
 */
export class SessionHistory implements EventReader {
  /** Called after each change. */
  onChange: () => void = () => {};
  /** Names this process's run of revisions: a revision means nothing without it. */
  readonly epoch: string = randomBytes(9).toString('base64url');
  readonly #views = new Map<string, SessionView>();
  readonly #ring: (Change | undefined)[];
  #revision = 0;

  /** @param overview has the sessions that live already. @param capacity changes that are kept */
  constructor(overview: Overview, capacity: number) {
    this.#ring = new Array<Change | undefined>(capacity).fill(undefined);
    for (const view of overview.sessions()) this.#views.set(view.uid, view);
  }

  /** Revision of the newest change; 0 before the first. */
  get revision(): number {
    return this.#revision;
  }

  /** The live sessions as of the newest change, oldest first. */
  views(): Iterable<SessionView> {
    return this.#views.values();
  }

  /** Returns the change that follows a revision: `none` after the newest, `lost` when the change is no longer kept. */
  following(revision: number): Change | 'none' | 'lost' {
    if (revision >= this.#revision) return 'none';
    const change = this.#ring[(revision + 1) % this.#ring.length];
    return change?.revision === revision + 1 ? change : 'lost';
  }

  seated(_peer: unknown, session: SessionView): void {
    if (session.state === 'waiting') this.#put(session);
  }

  paired(session: SessionView): void {
    this.#put(session);
  }

  finished(session: SessionView): void {
    const before = this.#views.get(session.uid);
    if (before === undefined) return;
    this.#views.delete(session.uid);
    this.#append(before, session);
  }

  #put(session: SessionView): void {
    const before = this.#views.get(session.uid);
    this.#views.set(session.uid, session);
    this.#append(before, session);
  }

  #append(before: SessionView | undefined, after: SessionView): void {
    this.#revision += 1;
    this.#ring[this.#revision % this.#ring.length] = { revision: this.#revision, before, after };
    this.onChange();
  }
}
