import type { Memory } from '../history/memory.js';
import type { Blocks } from '../policy/limits/blocks.js';
import type { ControlRights } from '../policy/rules/rights.js';
import type { Clock } from '../ports/clock.js';
import type { Fleet } from '../ports/fleet.js';
import type { BlockFollower } from '../session/block-follower.js';
import type { Drain, DrainPlan } from '../session/drain.js';
import type { Steering } from '../session/steering.js';
import type { Overview } from '../session/views/overview.js';
import type { MutualTls } from '../transport/mutual-tls.js';
import type { Taps } from './calls/taps.js';
import type { SharedBlocks } from './fleet/fleet-blocks.js';
import type { Page } from './json/page.js';
import type { IdentityReader } from './rpc/caller.js';
import type { AccessExplainer, CallAudit, LogControl, MeetupLevels, PolicyControl, ServerFacts } from './rpc/ports.js';
import type { SessionFeed } from './session-feed.js';

/** What joins a replica's control API with that of the others. */
export interface FleetLink {
  readonly fleet: Fleet;
  /** The material by which replicas prove themselves to each other over TCP, at present; undefined where they are on one machine. */
  readonly tls: () => MutualTls | undefined;
  /** The blocks of all replicas. */
  readonly shared: SharedBlocks;
  /** Takes in here what the store tells of blocks. */
  readonly follower: BlockFollower;
}

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
  /** What happened here; absent where nothing is remembered. */
  readonly memory?: Memory | undefined;
  /** Template of links to traces. */
  readonly traceLink?: string | undefined;
  /** Absent where the replica is alone. */
  readonly link?: FleetLink | undefined;
  /** The reason for which this replica takes no newcomers now; undefined when it does. */
  readonly notReady: () => string | undefined;
  readonly readIdentity: IdentityReader;
  readonly rights: ControlRights;
  readonly explainer: AccessExplainer;
  readonly policy: PolicyControl;
  readonly log: LogControl;
  readonly meetupLevels: MeetupLevels;
  readonly audit: CallAudit;
  /** The web page, by path, for who has the right to view; absent where there is none. */
  readonly pages?: Readonly<Record<string, Page>> | undefined;
  readonly clock: Clock;
  /** Is called with a defect: an exception of a call's handler that is not a Fault. */
  readonly defect: (error: unknown) => void;
}
