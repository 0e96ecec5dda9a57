import type { Observer } from '../session/ports.js';
import type { Session } from '../session/session.js';
import type { ChangeLog } from './change-log.js';
import type { SessionStatistics } from './ports.js';
import { type SessionView, viewOf } from './session-view.js';

interface Entry {
  readonly session: Session;
  /** As it was right after its last change. */
  readonly view: SessionView;
}

/** The live sessions by uid, oldest first, kept by what the registry tells; each change goes to the log. */
export class SessionIndex implements Observer {
  readonly #statistics: SessionStatistics;
  readonly #log: ChangeLog;
  readonly #entries = new Map<string, Entry>();
  readonly #changed: () => void;

  /** @param changed is told after each change */
  constructor(statistics: SessionStatistics, log: ChangeLog, changed: () => void) {
    this.#statistics = statistics;
    this.#log = log;
    this.#changed = changed;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Live sessions as of their last change, oldest first. */
  *views(): Generator<SessionView> {
    for (const { view } of this.#entries.values()) yield view;
  }

  /** The live session of that uid. */
  session(uid: string): Session | undefined {
    return this.#entries.get(uid)?.session;
  }

  /** The session of that uid as it is now, counters included. */
  current(uid: string): SessionView | undefined {
    const session = this.session(uid);
    return session === undefined ? undefined : viewOf(session, this.#statistics);
  }

  seated(_peer: unknown, session: Session): void {
    if (session.state.t === 'waiting') this.#put(session);
  }

  paired(session: Session): void {
    if (session.state.t === 'paired') this.#put(session);
  }

  finished(session: Session): void {
    const before = this.#entries.get(session.uid)?.view;
    if (before === undefined) return;
    this.#entries.delete(session.uid);
    this.#tell(before, viewOf(session, this.#statistics));
  }

  #put(session: Session): void {
    const before = this.#entries.get(session.uid)?.view;
    const view = viewOf(session, this.#statistics);
    this.#entries.set(session.uid, { session, view });
    this.#tell(before, view);
  }

  #tell(before: SessionView | undefined, after: SessionView): void {
    this.#log.append(before, after);
    this.#changed();
  }
}
