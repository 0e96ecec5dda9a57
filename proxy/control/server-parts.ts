import type { Blocks } from '../policy/limits/blocks.js';
import type { ControlRights } from '../policy/rules/rights.js';
import type { Clock } from '../ports/clock.js';
import type { Drain, DrainPlan } from '../session/drain.js';
import type { Steering } from '../session/steering.js';
import type { Overview } from '../session/views/overview.js';
import type { Taps } from './calls/taps.js';
import type { IdentityReader } from './rpc/caller.js';
import type { AccessExplainer, Audit, LogControl, PolicyControl, ServerFacts } from './rpc/ports.js';
import type { SessionFeed } from './session-feed.js';

/** What the control server is made of. */
export interface ControlParts {
  readonly facts: ServerFacts;
  readonly feed: SessionFeed;
  /** Sees each message, for taps. */
  readonly taps: Taps;
  readonly overview: Overview;
  readonly steering: Steering;
  readonly drain: Drain;
  /** How DrainReplica drains where its request does not say. */
  readonly drainPlan: DrainPlan;
  readonly blocks: Blocks;
  readonly readIdentity: IdentityReader;
  readonly rights: ControlRights;
  readonly explainer: AccessExplainer;
  readonly policy: PolicyControl;
  readonly log: LogControl;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Is told of defects: what a call's handler throws that is no answer. */
  readonly defect: (error: unknown) => void;
}
