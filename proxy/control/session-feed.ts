import type { Clock } from '../ports/clock.js';
import type { Events } from '../session/views/events.js';
import type { Overview } from '../session/views/overview.js';
import { SessionWatch } from './calls/watch-sessions.js';
import { CONTROL_LIMITS, type ControlLimits } from './limits.js';
import { Slots } from './rpc/slots.js';
import { SessionHistory } from './sessions/session-history.js';

/** The control API's memory of sessions and their changes, from its construction to `close`. */
export class SessionFeed {
  readonly history: SessionHistory;
  readonly watch: SessionWatch;
  readonly watchers: Slots;
  readonly close: () => void;

  constructor(
    overview: Overview,
    events: Pick<Events, 'subscribe'>,
    clock: Clock,
    replica: string,
    limits: ControlLimits = CONTROL_LIMITS,
  ) {
    this.watchers = new Slots(limits.watchers, limits.watchersOfOne);
    this.history = new SessionHistory(overview, limits.changes);
    this.watch = new SessionWatch(this.history, this.watchers, clock, replica);
    this.close = events.subscribe(this.history);
  }
}
