import type { QuickStart } from '../../page/answer.js';
import type { Guard } from '../door/guard.js';
import type { Clock } from '../ports/clock.js';
import type { Drain } from '../session/drain.js';
import type { Events } from '../session/views/events.js';
import type { Overview } from '../session/views/overview.js';
import type { InvocationCounts } from '../telemetry/calls/invocation-counts.js';
import type { Audience } from '../telemetry/calls/journal.js';
import type { History } from './history.js';
import type { RecentInvocations, RecentRefusals } from './recent.js';
import type { RecentEndings } from './recent-endings.js';

/** The parts of the service whose state the page shows. */
export interface StatusPageParts {
  readonly clock: Clock;
  readonly version: string;
  /** Name of this replica. */
  readonly replica: string;
  readonly overview: Overview;
  readonly events: Pick<Events, 'subscribe'>;
  /** Subscribes to invocations that finish from now on; the function returned unsubscribes. */
  readonly readInvocations: (audience: Audience) => () => void;
  readonly drain: Drain;
  readonly guard: Pick<Guard, 'policyFile' | 'crl' | 'denyList'>;
  /** The reason for which this replica should get no new peers; undefined when it is ready. */
  readonly notReady: () => string | undefined;
  /** Has the messages and bytes relayed so far, and the open invocations. */
  readonly counts: InvocationCounts;
  /** The host that spans are exported to, for people. */
  readonly spansTo?: string | undefined;
  /** Template of links to traces, where there is one. */
  readonly traceLink?: string | undefined;
  /** Commands for a newcomer. */
  readonly quickStart?: QuickStart | undefined;
}

/** The page's memory of past events; every list is bounded. */
export interface PageMemory {
  /** Id of this process. */
  readonly id: string;
  readonly startedAt: number;
  readonly invocations: RecentInvocations;
  readonly refusals: RecentRefusals;
  readonly endings: RecentEndings;
  readonly history: History;
}
