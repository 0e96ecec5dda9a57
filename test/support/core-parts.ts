import type { Clock } from '../../proxy/ports/clock.js';
import { ALWAYS_HERE, type Locator } from '../../proxy/session/life/locator.js';
import type { MessageObserver } from '../../proxy/session/life/message-observer.js';
import type { Room } from '../../proxy/session/life/seats.js';
import { Registry, type RegistryBounds } from '../../proxy/session/registry.js';
import { Standstill } from '../../proxy/session/standstill.js';
import { Steering } from '../../proxy/session/steering.js';
import { type EventReader, Events } from '../../proxy/session/views/events.js';
import { Overview } from '../../proxy/session/views/overview.js';
import { Present } from '../../proxy/session/views/present.js';
import { NO_INVOCATIONS, type SessionStatistics } from '../../proxy/session/views/statistics.js';

/** The core as the service joins it. */
export interface CoreParts {
  readonly present: Present;
  readonly steering: Steering;
  readonly standstill: Standstill;
  readonly events: Events;
  readonly overview: Overview;
  readonly registry: Registry;
}

export interface CoreNeeds {
  readonly clock: Clock;
  readonly bounds: RegistryBounds;
  readonly readers?: readonly EventReader[];
  readonly messages?: MessageObserver | undefined;
  readonly statistics?: SessionStatistics;
  /** Absent: the replica is alone. */
  readonly locator?: Pick<Locator, 'mayPair'>;
  /** A table that is already in use elsewhere. */
  readonly present?: Present;
  /** Called with an exception of a reader. */
  readonly fault?: (error: unknown) => void;
}

/** Joins a core; a reader's exception is thrown again unless `fault` is given. */
export function coreOf(needs: CoreNeeds): CoreParts {
  const { clock, bounds, readers = [], messages, statistics = NONE, present = new Present(), fault = thrown } = needs;
  const { locator = ALWAYS_HERE } = needs;
  const steering = new Steering(present);
  const standstill = new Standstill(present);
  const events = new Events(statistics, fault);
  for (const reader of readers) events.subscribe(reader);
  const registry = new Registry({ clock, bounds, present, steering, events, standstill, locator, messages });
  return { present, steering, standstill, events, overview: new Overview(present, statistics), registry };
}

const NONE: SessionStatistics = { of: () => NO_INVOCATIONS };

function thrown(error: unknown): never {
  throw error;
}

/** The limits for connections that no door has counted. */
export const NO_ROOM: Room = { greeted: () => {}, left: () => {} };
