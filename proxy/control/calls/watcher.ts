import type { SessionView } from '../../session/views/view.js';
import type { Filter } from '../filter/filter.js';
import type { Change, SessionHistory } from '../sessions/session-history.js';

/** An event that a watcher takes; a watcher can go on after `revision`. */
export type WatchEvent =
  | { readonly t: 'added' | 'changed' | 'removed'; readonly view: SessionView; readonly revision: number | undefined }
  | { readonly t: 'snapshot_done'; readonly revision: number };

/**
 * The position of one watcher.
 * - `snapshot`: it takes the sessions that lived at `revision`.
 * - `following`: it takes the changes after `revision`.
 */
type WatchPosition =
  | { readonly t: 'snapshot'; readonly revision: number; readonly rest: Iterator<SessionView> }
  | { readonly t: 'following'; readonly revision: number };

/** The way of one watcher through the snapshot and the changes. Events are made when they are asked for, so none are queued. */
export class Watcher {
  readonly #history: SessionHistory;
  readonly #filter: Filter;
  #position: WatchPosition;

  private constructor(history: SessionHistory, filter: Filter, position: WatchPosition) {
    this.#history = history;
    this.#filter = filter;
    this.#position = position;
  }

  /** Begins with a snapshot of the live sessions. */
  static fromNow(history: SessionHistory, filter: Filter): Watcher {
    const matching = [...history.views()].filter(filter);
    return new Watcher(history, filter, { t: 'snapshot', revision: history.revision, rest: matching.values() });
  }

  /** Goes on after a revision of this history. */
  static after(history: SessionHistory, revision: number, filter: Filter): Watcher {
    return new Watcher(history, filter, { t: 'following', revision });
  }

  /** The revision after which to go on; undefined during the snapshot. */
  get revision(): number | undefined {
    return this.#position.t === 'following' ? this.#position.revision : undefined;
  }

  /** The next event: `none` when there is none now, `lost` when the history has moved on and the watcher must start over. */
  next(): WatchEvent | 'none' | 'lost' {
    if (this.#history.following(this.#position.revision) === 'lost') return 'lost';
    return this.#position.t === 'snapshot' ? this.#fromSnapshot(this.#position) : this.#fromChanges();
  }

  #fromSnapshot({ rest, revision }: WatchPosition & { t: 'snapshot' }): WatchEvent {
    const { done, value } = rest.next();
    if (done !== true) return { t: 'added', view: value, revision: undefined };
    this.#position = { t: 'following', revision };
    return { t: 'snapshot_done', revision };
  }

  #fromChanges(): WatchEvent | 'none' | 'lost' {
    for (;;) {
      const change = this.#history.following(this.#position.revision);
      if (change === 'none' || change === 'lost') return change;
      this.#position = { t: 'following', revision: change.revision };
      const event = this.#eventOf(change);
      if (event !== undefined) return event;
    }
  }

  /** Returns the event that a change is to a client that sees the matching sessions only. */
  #eventOf({ before, after, revision }: Change): WatchEvent | undefined {
    const was = before !== undefined && this.#filter(before);
    const is = after.state !== 'finished' && this.#filter(after);
    if (was && is) return { t: 'changed', view: after, revision };
    if (is) return { t: 'added', view: after, revision };
    return was ? { t: 'removed', view: after, revision } : undefined;
  }
}
