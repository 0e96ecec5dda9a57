import type { Blocks } from '../policy/limits/blocks.js';
import type { ControlRights } from '../policy/rules/rights.js';
import type { Clock } from '../ports/clock.js';
import type { Drain, DrainPlan } from '../session/drain.js';
import type { Steering } from '../session/steering.js';
import type { Overview } from '../session/views/overview.js';
import type { Taps } from './calls/taps.js';
import type { IdentityReader } from './rpc/caller.js';
import type { AccessExplainer, CallAudit, LogControl, PolicyControl, ServerFacts } from './rpc/ports.js';
import type { SessionFeed } from './session-feed.js';

/** The parts that the control server joins. */
export interface ControlParts {
  readonly facts: ServerFacts;
  readonly feed: SessionFeed;
  /** Sees each message, for taps. */
  readonly taps: Taps;
  readonly overview: Overview;
  readonly steering: Steering;
  readonly drain: Drain;
  /** The plan of DrainReplica for fields that its request leaves out. */
  readonly drainPlan: DrainPlan;
  readonly blocks: Blocks;
  readonly readIdentity: IdentityReader;
  readonly rights: ControlRights;
  readonly explainer: AccessExplainer;
  readonly policy: PolicyControl;
  readonly log: LogControl;
  readonly audit: CallAudit;
  readonly clock: Clock;
  /** Is called with a defect: an exception of a call's handler that is not a Fault. */
  readonly defect: (error: unknown) => void;
}
