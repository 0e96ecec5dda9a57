import { BlockCalls } from './calls/block-calls.js';
import { DrainCalls } from './calls/drain-calls.js';
import { explainAccess } from './calls/explain-access.js';
import { kickSession } from './calls/kick-session.js';
import { listSessions } from './calls/list-sessions.js';
import { reloadPolicy, serverInfo, setLogLevel } from './calls/server-calls.js';
import { tapSession } from './calls/tap-session.js';
import type { ControlServiceHandlers } from './generated/micronets/wsproxy/control/v1/ControlService.js';
import type { ControlLimits } from './limits.js';
import type { Gate } from './rpc/caller.js';
import { full } from './rpc/fault.js';
import type { Handlers } from './rpc/handlers.js';
import { Once } from './rpc/once.js';
import { Slots } from './rpc/slots.js';
import type { ControlParts } from './server-parts.js';
import { sessionNamed, sessionResource } from './sessions/resource.js';

/** The control service's calls. */
export function controlHandlers(
  parts: ControlParts,
  limits: ControlLimits,
  handlers: Handlers,
  gate: Gate,
): ControlServiceHandlers {
  const { feed, overview, steering, clock, policy, log, explainer } = parts;
  const { replica } = parts.facts;
  const { history, watchers } = feed;
  const tapSlots = new Slots(limits.taps, limits.tapsOfOne);
  const drainWatchers = new Slots(limits.drainWatchers, limits.drainWatchersOfOne);
  const once = new Once(clock);
  const blockCalls = new BlockCalls(parts.blocks, steering, clock);
  const drainCalls = new DrainCalls({ ...parts, replica, plan: parts.drainPlan });
  return {
    ListSessions: handlers.unary((request) => listSessions(overview, history, replica, request)),
    GetSession: handlers.unary((request) => ({
      session: sessionResource(sessionNamed(overview, request.name)(), replica),
    })),
    WatchSessions: handlers.stream((request, outlet, caller) => feed.watch.watch(request, outlet, caller)),
    KickSession: handlers.unary((request, caller) =>
      once.do('KickSession', caller, request, () => kickSession({ ...parts, replica }, request, caller)),
    ),
    TapSession: handlers.stream((request, outlet, caller) =>
      tapSession({ overview, taps: parts.taps, slots: tapSlots, gate, clock }, request, outlet, caller),
    ),
    BlockPeer: handlers.unary((request, caller) =>
      once.do('BlockPeer', caller, request, () => blockCalls.block(request, caller)),
    ),
    UnblockPeer: handlers.unary((request) => blockCalls.unblock(request)),
    ListBlocks: handlers.unary((request) => blockCalls.list(request)),
    DrainReplica: handlers.unary((request) => drainCalls.start(request)),
    GetDrain: handlers.unary((request) => drainCalls.get(request)),
    WatchDrain: handlers.stream((request, outlet, caller) => {
      const release = drainWatchers.take(caller.identity.fingerprint);
      if (release === undefined) throw full('WATCHERS_FULL', 'too many watch the drain', 30);
      outlet.onceGone(release);
      drainCalls.watch(request, outlet);
    }),
    GetServerInfo: handlers.unary((_request, caller) =>
      serverInfo({ ...parts, watchers, taps: tapSlots, policy, log }, caller),
    ),
    ExplainAccess: handlers.unary((request) => explainAccess(explainer, overview, request, Date.now())),
    ReloadPolicy: handlers.unary(() => reloadPolicy(policy)),
    SetLogLevel: handlers.unary((request) => setLogLevel(log, request)),
  };
}
