import type { Telemetry } from './compose-telemetry.js';
import { drainPlan } from './config/bounds.js';
import type { Config } from './config/options.js';
import { CONTROL_SERVICE } from './control/contract.js';
import { doorExplainer } from './control/door-explainer.js';
import { policyControl } from './control/policy-control.js';
import { NO_INVOCATIONS, type SessionStatistics } from './control/ports.js';
import { CONTROL_RIGHTS } from './control/rights.js';
import { ControlServer } from './control/server.js';
import { SessionFeed } from './control/session-feed.js';
import type { Enforcement } from './edge/enforcement.js';
import { ListenError } from './edge/listen.js';
import { parseLocalListen } from './edge/listen-address.js';
import { ANY_VERIFIED } from './policy/any-verified.js';
import type { Blocks } from './policy/blocks.js';
import type { Door } from './policy/door.js';
import type { Drain } from './session/drain.js';
import type { Clock } from './session/ports.js';
import type { Registry } from './session/registry.js';
import { RpcAudit } from './telemetry/rpc-audit.js';
import { identityFrom } from './x509/identity-headers.js';

/** Full names of the control API's methods: the values of their metrics' label. */
export const RPC_METHODS: readonly string[] = Object.keys(CONTROL_RIGHTS).map(
  (method) => `${CONTROL_SERVICE}/${method}`,
);

/** What the control API is told of sessions; made before the registry, which is given its observers. */
export function controlFeed(telemetry: Telemetry, clock: Clock, replica: string): SessionFeed {
  const statistics: SessionStatistics = { of: (session) => telemetry.calls?.of(session) ?? NO_INVOCATIONS };
  return new SessionFeed(statistics, clock, replica);
}

export interface Controlled {
  readonly config: Config;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly enforcement: Enforcement;
  readonly door: Door;
  readonly feed: SessionFeed;
  readonly registry: Registry;
  readonly drain: Drain;
  readonly blocks: Blocks;
  readonly replica: string;
  readonly version: string;
}

/** Serves the control API; the function returned stops it. Throws ListenError. */
export async function startControl(parts: Controlled, listen: string): Promise<() => Promise<void>> {
  const { config, clock, telemetry, enforcement, replica, version } = parts;
  const { guard } = enforcement;
  const address = parseLocalListen(listen);
  if ('fault' in address) throw new ListenError(`--control-listen ${listen}: ${address.fault}`);
  const startedAt = clock.now();
  const server = new ControlServer({
    facts: { replica, version, startedAt, maxSessions: config.maxSessions },
    feed: parts.feed,
    registry: parts.registry,
    drain: parts.drain,
    drainPlan: drainPlan(config),
    blocks: parts.blocks,
    readIdentity: identityFrom,
    rights: guard,
    explainer: doorExplainer(parts.door),
    policy: policyControl({
      source: config.policy ?? ANY_VERIFIED,
      file: guard.policyFile,
      startedAt,
      ended: () => enforcement.ended,
    }),
    log: telemetry.log,
    audit: new RpcAudit(telemetry.rpcs, telemetry.audit),
    clock,
    defect: telemetry.fault,
  });
  await server.listen(address.ok).catch((error: unknown) => {
    throw new ListenError(`--control-listen ${listen}: ${(error as Error).message}`);
  });
  return () => server.stop();
}
