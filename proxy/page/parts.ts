import type { QuickStart } from '../../page/answer.js';
import type { Guard } from '../door/guard.js';
import type { Memory } from '../history/memory.js';
import type { Clock } from '../ports/clock.js';
import type { Drain } from '../session/drain.js';
import type { Overview } from '../session/views/overview.js';
import type { InvocationCounts } from '../telemetry/calls/invocation-counts.js';
import type { Audience } from '../telemetry/calls/journal.js';

/** The parts of the service whose state the page shows. */
export interface StatusPageParts {
  readonly clock: Clock;
  readonly version: string;
  /** Name of this replica. */
  readonly replica: string;
  readonly overview: Overview;
  /** What happened; absent where nothing is remembered. The page has no memory of its own but that of its charts. */
  readonly memory?: Memory | undefined;
  /** What is wrong at a meetup, in words, by that memory; most important first. */
  readonly findings: (meetupId: string) => readonly string[];
  /** Subscribes to invocations that finish from now on; the function returned unsubscribes. */
  readonly readInvocations: (audience: Audience) => () => void;
  readonly drain: Drain;
  readonly guard: Pick<Guard, 'policyFile' | 'crl' | 'denyList'>;
  /** The reason for which this replica should get no new peers; undefined when it is ready. */
  readonly notReady: () => string | undefined;
  /** Has the messages and bytes relayed so far, the calls by their outcome, and the open ones. */
  readonly counts: InvocationCounts;
  /** The host that spans are exported to, for people. */
  readonly spansTo?: string | undefined;
  /** Template of links to traces, where there is one. */
  readonly traceLink?: string | undefined;
  /** Is told of an answer that could not be made. */
  readonly fault: (error: unknown) => void;
  /** Commands for a newcomer. */
  readonly quickStart?: QuickStart | undefined;
}
