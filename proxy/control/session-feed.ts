import type { Clock } from '../ports/clock.js';
import type { Events } from '../session/views/events.js';
import type { Overview } from '../session/views/overview.js';
import { SessionWatch } from './calls/watch-sessions.js';
import { CONTROL_LIMITS, type ControlLimits } from './limits.js';
import { Slots } from './rpc/slots.js';
import { ChangeLog } from './sessions/change-log.js';
import { SessionIndex } from './sessions/session-index.js';

/** The control API's memory of sessions and their changes, from its construction to `close`. */
export class SessionFeed {
  readonly index: SessionIndex;
  readonly log: ChangeLog;
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
    this.log = new ChangeLog(limits.changes);
    this.watchers = new Slots(limits.watchers, limits.watchersOfOne);
    this.index = new SessionIndex(overview, this.log, () => this.watch.changed());
    this.watch = new SessionWatch(this.index, this.log, this.watchers, clock, replica);
    this.close = events.subscribe(this.index);
  }
}
