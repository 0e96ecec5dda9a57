import { BlockCalls } from './calls/block-calls.js';
import { DrainCalls } from './calls/drain-calls.js';
import { explainAccess } from './calls/explain-access.js';
import { kickSession } from './calls/kick-session.js';
import { listSessions } from './calls/list-sessions.js';
import { setMeetupLogLevel } from './calls/meetup-log-level.js';
import { reloadPolicy, serverInfo, setLogLevel } from './calls/server-calls.js';
import type { SetBlock } from './calls/set-block.js';
import { tapSession } from './calls/tap-session.js';
import type { ControlLimits } from './limits.js';
import { pastCalls } from './past/past-calls.js';
import type { Gate } from './rpc/caller.js';
import type { ControlCalls } from './rpc/handlers.js';
import { Once } from './rpc/once.js';
import { Slots } from './rpc/slots.js';
import type { ControlParts } from './server-parts.js';
import { livingSession, sessionNamed } from './sessions/resource.js';

/** The calls of one replica, which answer for it alone. */
export function replicaCalls(parts: ControlParts, limits: ControlLimits, gate: Gate, setBlock: SetBlock): ControlCalls {
  const { feed, overview, steering, clock, policy, log, explainer } = parts;
  const { replica } = parts.facts;
  const { history, watchers } = feed;
  const place = { replica, memory: parts.memory, clock };
  const tapSlots = new Slots(limits.taps, limits.tapsOfOne);
  const drainWatchers = new Slots(limits.drainWatchers, limits.drainWatchersOfOne);
  const pastWatchers = new Slots(limits.historyWatchers, limits.historyWatchersOfOne);
  const once = new Once(clock);
  const blockCalls = new BlockCalls(parts.blocks, steering, clock);
  const drainCalls = new DrainCalls({ ...parts, replica, plan: parts.drainPlan });
  return {
    ListSessions: (request) => listSessions(overview, history, place, request),
    GetSession: (request) => ({ session: livingSession(sessionNamed(overview, request.name)(), place) }),
    WatchSessions: (request, outlet, caller) => feed.watch.watch(request, outlet, caller),
    KickSession: (request, caller) =>
      once.do('KickSession', caller, request, () => kickSession({ ...parts, replica, setBlock }, request, caller)),
    TapSession: (request, outlet, caller) =>
      tapSession({ overview, taps: parts.taps, slots: tapSlots, gate, clock }, request, outlet, caller),
    BlockPeer: (request, caller) => once.do('BlockPeer', caller, request, () => blockCalls.block(request, caller)),
    UnblockPeer: (request) => blockCalls.unblock(request),
    ListBlocks: (request) => blockCalls.list(request),
    DrainReplica: (request) => drainCalls.start(request),
    GetDrain: (request) => drainCalls.get(request),
    WatchDrain: (request, outlet, caller) => {
      drainWatchers.hold(caller, outlet, 'WATCHERS_FULL', 'too many watch the drain');
      drainCalls.watch(request, outlet);
    },
    GetServerInfo: (_request, caller) => serverInfo({ ...parts, watchers, taps: tapSlots, policy, log }, caller),
    ExplainAccess: (request) => explainAccess(explainer, parts, request, Date.now()),
    ...pastCalls({ ...parts, replica }, pastWatchers),
    ReloadPolicy: () => reloadPolicy(policy),
    SetLogLevel: (request) => setLogLevel(log, request),
    SetMeetupLogLevel: (request, caller) => setMeetupLogLevel(parts.meetupLevels, request, caller),
  };
}
