import type { EventReader } from '../../session/views/events.js';
import type { Overview } from '../../session/views/overview.js';
import type { SessionView } from '../../session/views/view.js';
import type { ChangeLog } from './change-log.js';

/**
 * The live sessions as of their last change, oldest first. All watchers and lists share this index, and each change goes to the
 * log.
 */
export class SessionIndex implements EventReader {
  readonly #log: ChangeLog;
  readonly #views = new Map<string, SessionView>();
  readonly #changed: () => void;

  /** @param overview has the sessions that live already. @param changed is called after each change */
  constructor(overview: Overview, log: ChangeLog, changed: () => void) {
    this.#log = log;
    this.#changed = changed;
    for (const view of overview.sessions()) this.#views.set(view.uid, view);
  }

  get size(): number {
    return this.#views.size;
  }

  views(): Iterable<SessionView> {
    return this.#views.values();
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
    this.#tell(before, session);
  }

  #put(session: SessionView): void {
    const before = this.#views.get(session.uid);
    this.#views.set(session.uid, session);
    this.#tell(before, session);
  }

  #tell(before: SessionView | undefined, after: SessionView): void {
    this.#log.append(before, after);
    this.#changed();
  }
}
