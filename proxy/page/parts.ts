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

/** What the page shows and others know. */
export interface StatusPageParts {
  readonly clock: Clock;
  readonly version: string;
  readonly overview: Overview;
  readonly events: Pick<Events, 'subscribe'>;
  /** Tells of finished invocations from now on; the function returned ends it. */
  readonly readInvocations: (audience: Audience) => () => void;
  readonly drain: Drain;
  readonly guard: Pick<Guard, 'policyFile' | 'crl' | 'denyList'>;
  /** Why this replica should get no new peers; undefined when it is ready. */
  readonly notReady: () => string | undefined;
  /** Messages and bytes relayed so far, and open invocations, are read off it. */
  readonly counts: InvocationCounts;
  /** Where spans are exported to, for people. */
  readonly spansTo?: string | undefined;
  /** Commands for a newcomer. */
  readonly quickStart?: QuickStart | undefined;
}

/** What the page remembers of the past; every list is bounded. */
export interface Past {
  /** Of this process. */
  readonly id: string;
  readonly startedAt: number;
  readonly invocations: RecentInvocations;
  readonly refusals: RecentRefusals;
  readonly endings: RecentEndings;
  readonly history: History;
}
