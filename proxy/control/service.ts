import { status as Code, type Metadata } from '@grpc/grpc-js';
import { setBlockIn } from './calls/set-block.js';
import { FleetBlocks } from './fleet/fleet-blocks.js';
import { callsInFleet } from './fleet/fleet-calls.js';
import type { ReplicaClients } from './fleet/replica-clients.js';
import { fleetPastCalls } from './fleet-past/fleet-past-calls.js';
import { withReconnects } from './fleet-past/fleet-reconnects.js';
import type { ControlServiceHandlers } from './generated/micronets/wsproxy/control/v1/ControlService.js';
import type { ControlLimits } from './limits.js';
import { replicaCalls } from './replica-calls.js';
import type { Gate } from './rpc/caller.js';
import { Fault } from './rpc/fault.js';
import type { ControlCalls, Handlers } from './rpc/handlers.js';
import { hopIn } from './rpc/hop.js';
import type { ControlParts, FleetLink } from './server-parts.js';

/** Gives the calls that answer a call with these headers. Throws Fault. */
export type CallsFor = (headers: Metadata) => ControlCalls;

/** Gives the calls of a replica that is alone: they answer everybody. */
export function callsAlone(parts: ControlParts, limits: ControlLimits, gate: Gate): CallsFor {
  const calls = replicaCalls(parts, limits, gate, setBlockIn(parts.blocks));
  return () => calls;
}

/** Gives the calls of a replica in a fleet: a client is answered for all, another replica for this one alone. */
export function callsBesideOthers(
  parts: ControlParts,
  limits: ControlLimits,
  gate: Gate,
  link: FleetLink,
  clients: ReplicaClients,
): CallsFor {
  const blocks = new FleetBlocks({ ...link, ...parts });
  const own = replicaCalls(parts, limits, gate, (selector, order) => blocks.setForKick(selector, order));
  const rosters = { roster: () => clients.roster(), recentRoster: () => clients.recentRoster() };
  const fleet = { own, replica: parts.facts.replica, ...rosters, clock: parts.clock };
  const calls = callsInFleet(fleet, blocks);
  const whole = { ...calls.whole, ...withReconnects(fleet, calls.whole), ...fleetPastCalls(fleet) };
  return (headers) => {
    const hop = hopIn(headers);
    if (hop === undefined) return whole;
    if (hop.to !== link.fleet.incarnation) {
      throw new Fault(Code.FAILED_PRECONDITION, 'REPLICA_REPLACED', 'another run of a replica answers here');
    }
    return calls.own;
  };
}

/** Makes the control service's handlers. */
export function controlHandlers(handlers: Handlers, callsFor: CallsFor): ControlServiceHandlers {
  return {
    ListSessions: handlers.unary((...call) => callsFor(call[2]).ListSessions(...call)),
    GetSession: handlers.unary((...call) => callsFor(call[2]).GetSession(...call)),
    WatchSessions: handlers.stream((...call) => callsFor(call[3]).WatchSessions(...call)),
    KickSession: handlers.unary((...call) => callsFor(call[2]).KickSession(...call)),
    TapSession: handlers.stream((...call) => callsFor(call[3]).TapSession(...call)),
    BlockPeer: handlers.unary((...call) => callsFor(call[2]).BlockPeer(...call)),
    UnblockPeer: handlers.unary((...call) => callsFor(call[2]).UnblockPeer(...call)),
    ListBlocks: handlers.unary((...call) => callsFor(call[2]).ListBlocks(...call)),
    DrainReplica: handlers.unary((...call) => callsFor(call[2]).DrainReplica(...call)),
    GetDrain: handlers.unary((...call) => callsFor(call[2]).GetDrain(...call)),
    WatchDrain: handlers.stream((...call) => callsFor(call[3]).WatchDrain(...call)),
    GetServerInfo: handlers.unary((...call) => callsFor(call[2]).GetServerInfo(...call)),
    ExplainAccess: handlers.unary((...call) => callsFor(call[2]).ExplainAccess(...call)),
    GetHistory: handlers.unary((...call) => callsFor(call[2]).GetHistory(...call)),
    WatchHistory: handlers.stream((...call) => callsFor(call[3]).WatchHistory(...call)),
    ListRefusals: handlers.unary((...call) => callsFor(call[2]).ListRefusals(...call)),
    CountReconnects: handlers.unary((...call) => callsFor(call[2]).CountReconnects(...call)),
    ListCalls: handlers.unary((...call) => callsFor(call[2]).ListCalls(...call)),
    ReloadPolicy: handlers.unary((...call) => callsFor(call[2]).ReloadPolicy(...call)),
    SetLogLevel: handlers.unary((...call) => callsFor(call[2]).SetLogLevel(...call)),
    SetMeetupLogLevel: handlers.unary((...call) => callsFor(call[2]).SetMeetupLogLevel(...call)),
  };
}
