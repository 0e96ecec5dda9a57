import type { Clock, MessageObserver, Observer } from '../session/ports.js';
import { ChangeLog } from './change-log.js';
import { CONTROL_LIMITS, type ControlLimits } from './limits.js';
import type { SessionStatistics } from './ports.js';
import { SessionIndex } from './session-index.js';
import { Slots } from './slots.js';
import { Taps } from './taps.js';
import { SessionWatch } from './watch-sessions.js';

/**
 * What the control API knows of the sessions, told by the registry. Made before the registry, since the registry is given its
 * observers; the server is made after it.
 */
export class SessionFeed {
  readonly index: SessionIndex;
  readonly log: ChangeLog;
  readonly watch: SessionWatch;
  readonly watchers: Slots;
  readonly taps: Taps = new Taps();
  readonly statistics: SessionStatistics;

  /** @param statistics must still know a session while its `finished` is told: let it observe after this */
  constructor(statistics: SessionStatistics, clock: Clock, replica: string, limits: ControlLimits = CONTROL_LIMITS) {
    this.statistics = statistics;
    this.log = new ChangeLog(limits.changes);
    this.watchers = new Slots(limits.watchers, limits.watchersOfOne);
    this.index = new SessionIndex(statistics, this.log, () => this.watch.changed());
    this.watch = new SessionWatch(this.index, this.log, this.watchers, clock, replica);
  }

  /** For the registry: what happens to sessions. */
  get observer(): Observer {
    return {
      seated: (peer, session) => this.index.seated(peer, session),
      paired: (session) => this.index.paired(session),
      finished: (session) => {
        this.index.finished(session);
        this.taps.finished(session);
      },
    };
  }

  /** For the registry: messages, as taps see them. Changes none; costs one comparison while nobody taps. */
  get messages(): MessageObserver {
    return this.taps;
  }
}
