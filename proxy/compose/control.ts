import { drainPlan } from '../config/bounds.js';
import type { Config } from '../config/options.js';
import { Taps } from '../control/calls/taps.js';
import { doorExplainer } from '../control/door-explainer.js';
import type { Page } from '../control/json/page.js';
import { policyControl } from '../control/policy-control.js';
import { CONTROL_SERVICE } from '../control/rpc/contract.js';
import { CONTROL_RIGHTS } from '../control/rpc/rights.js';
import { ControlServer } from '../control/server.js';
import type { FleetLink } from '../control/server-parts.js';
import { SessionFeed } from '../control/session-feed.js';
import type { Guard } from '../door/guard.js';
import { ListenError } from '../door/listen.js';
import { parseLocalListen } from '../door/listen-address.js';
import type { Memory } from '../history/memory.js';
import type { Door } from '../policy/door.js';
import type { Blocks } from '../policy/limits/blocks.js';
import { ANY_VERIFIED } from '../policy/rules/any-verified.js';
import type { Clock } from '../ports/clock.js';
import type { Drain } from '../session/drain.js';
import type { Steering } from '../session/steering.js';
import type { Events } from '../session/views/events.js';
import type { Overview } from '../session/views/overview.js';
import { RpcAudit } from '../telemetry/logs/rpc-audit.js';
import { KnownIdentities } from '../x509/known-identities.js';
import type { Telemetry } from './telemetry.js';

/** Full names of the control API's methods: the values of the method label in its metrics. */
export const RPC_METHODS: readonly string[] = Object.keys(CONTROL_RIGHTS).map(
  (method) => `${CONTROL_SERVICE}/${method}`,
);

/** Makes the control API's taps, which see each message; they exist before the registry, which shows them the messages. */
export function messageTaps(): Taps {
  return new Taps();
}

export interface ControlParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly guard: Guard;
  readonly door: Door;
  readonly taps: Taps;
  readonly overview: Overview;
  readonly events: Events;
  readonly steering: Steering;
  readonly drain: Drain;
  readonly memory: Memory | undefined;
  readonly blocks: Blocks;
  /** The reason for which this replica takes no newcomers now; undefined when it does. */
  readonly notReady: () => string | undefined;
  /** Absent where the replica is alone. */
  readonly link?: FleetLink | undefined;
  readonly replica: string;
  readonly version: string;
  /** The web page, by path, for who has the right to view. */
  readonly pages: Readonly<Record<string, Page>>;
}

/** The running control API. */
export interface Control {
  /** Open watch streams, now. */
  watchers(): number;
  stop(): Promise<void>;
}

/** Serves the control API. Throws ListenError. */
export async function startControl(parts: ControlParts, listen: string): Promise<Control> {
  const { config, clock, telemetry, guard, overview, events, replica, version } = parts;
  const address = parseLocalListen(listen);
  if ('fault' in address) throw new ListenError(`--control-listen ${listen}: ${address.fault}`);
  const startedAt = clock.now();
  const identities = new KnownIdentities();
  const feed = new SessionFeed(overview, events, clock, replica);
  const server = new ControlServer({
    facts: { replica, version, startedAt, maxSessions: config.maxSessions },
    feed,
    taps: parts.taps,
    overview,
    steering: parts.steering,
    drain: parts.drain,
    memory: parts.memory,
    traceLink: config.traceLink,
    drainPlan: drainPlan(config),
    blocks: parts.blocks,
    notReady: parts.notReady,
    pages: parts.pages,
    link: parts.link,
    readIdentity: (rawHeaders) => identities.read(rawHeaders),
    rights: guard,
    explainer: doorExplainer(parts.door),
    policy: policyControl({
      source: config.policy ?? ANY_VERIFIED,
      file: guard.policyFile,
      startedAt,
      ended: () => guard.ended,
    }),
    log: telemetry.log,
    meetupLevels: telemetry.meetupLevels,
    audit: new RpcAudit(telemetry.rpcs, telemetry.audit),
    clock,
    defect: telemetry.fault,
  });
  await server.listen(address.ok).catch((error: unknown) => {
    feed.close();
    throw new ListenError(`--control-listen ${listen}: ${(error as Error).message}`);
  });
  return {
    watchers: () => feed.watchers.used,
    stop: async () => {
      await server.stop();
      feed.close();
    },
  };
}
