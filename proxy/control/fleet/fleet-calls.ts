import type { ControlCalls } from '../rpc/handlers.js';
import { fleetBlockCalls, ownBlockCalls } from './fleet-block-calls.js';
import type { FleetBlocks } from './fleet-blocks.js';
import type { FleetParts } from './fleet-parts.js';
import { fleetReplicaCalls } from './fleet-replicas.js';
import { fleetSessionCalls } from './fleet-sessions.js';

/** The calls of a replica that serves beside others. */
export interface CallsInFleet {
  /** Answers clients, for all replicas. */
  readonly whole: ControlCalls;
  /** Answers the other replicas, for this one alone. */
  readonly own: ControlCalls;
}

/** Makes the calls of a fleet of those of one replica. */
export function callsInFleet(parts: FleetParts, blocks: FleetBlocks): CallsInFleet {
  const whole = {
    ...parts.own,
    ...fleetSessionCalls(parts),
    ...fleetReplicaCalls(parts),
    ...fleetBlockCalls(parts, blocks),
  };
  return { whole, own: { ...parts.own, ...ownBlockCalls(blocks) } };
}
