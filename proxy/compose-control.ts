import type { Telemetry } from './compose-telemetry.js';
import type { Config } from './config/options.js';
import { CONTROL_SERVICE } from './control/contract.js';
import {
  type AccessExplanation,
  LOG_LEVELS,
  type LogControl,
  type LogLevel,
  NO_INVOCATIONS,
  type PolicyControl,
  type SessionStatistics,
} from './control/ports.js';
import { CONTROL_RIGHTS } from './control/rights.js';
import { type ControlAddress, ControlServer } from './control/server.js';
import { SessionFeed } from './control/session-feed.js';
import { ANY_VERIFIED, type Guard } from './edge/guard.js';
import { ListenError } from './edge/listen.js';
import { isLoopback, parseListen } from './edge/listen-address.js';
import type { Blocks } from './policy/blocks.js';
import type { Drain, DrainPlan } from './session/drain.js';
import type { Clock } from './session/ports.js';
import type { Registry } from './session/registry.js';
import { rpcCodeNamed } from './telemetry/gauges.js';
import type { Identity } from './x509/identity.js';
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
  readonly guard: Guard;
  readonly feed: SessionFeed;
  readonly registry: Registry;
  readonly drain: Drain;
  readonly drainPlan: DrainPlan;
  readonly blocks: Blocks;
  readonly replica: string;
  readonly version: string;
  /** Connections that the changes of the policy have ended so far. */
  readonly endedByPolicy: () => number;
}

/** Serves the control API; the function returned stops it. Throws ListenError. */
export async function startControl(parts: Controlled, listen: string): Promise<() => Promise<void>> {
  const { config, clock, telemetry, guard, replica, version } = parts;
  const server = new ControlServer({
    facts: { replica, version, startedAt: clock.now(), maxSessions: config.maxSessions },
    feed: parts.feed,
    registry: parts.registry,
    drain: parts.drain,
    drainPlan: parts.drainPlan,
    blocks: parts.blocks,
    readIdentity: identityFrom,
    rights: {
      // A revoked certificate has no rights, however long its connection has been open.
      rightsOf: (identity) =>
        guard.gate(identity) === undefined ? guard.rights.rightsOf(identity) : { level: 'none', tapBodies: false },
    },
    explainer: { explain: (identity, meetupId) => explain(parts, identity, meetupId) },
    policy: policyControl(parts),
    log: logControl(telemetry),
    audit: {
      record: ({ method, caller, code, duration, ...rest }) => {
        telemetry.gauges.rpc(method.slice(1), rpcCodeNamed(code), duration / 1000);
        const verb = method.slice(method.lastIndexOf('/') + 1);
        telemetry.audit?.record({
          act: actOf(verb),
          ...(caller && { by: caller }),
          code,
          ms: Math.round(duration),
          ...rest,
        });
      },
    },
    clock,
    defect: telemetry.fault,
  });
  await server.listen(addressOf(listen)).catch((error: unknown) => {
    throw new ListenError(`--control-listen ${listen}: ${(error as Error).message}`);
  });
  return () => server.stop();
}

function addressOf(listen: string): ControlAddress {
  const address = parseListen(listen);
  if ('fault' in address) throw new ListenError(`--control-listen ${listen}: ${address.fault}`);
  if (address.ok.t === 'unix') return `unix:${address.ok.path}`;
  const { host, port } = address.ok;
  if (isLoopback(host)) return `${host.includes(':') ? `[${host}]` : host}:${port}` as ControlAddress;
  throw new ListenError(
    `--control-listen ${listen}: whoever reaches it could claim any identity: use unix:PATH or a loopback address`,
  );
}

/** `KickSession` → `kick_session`. */
function actOf(verb: string): string {
  return verb.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** What the door would answer, in its order; whether there is room is not asked. */
function explain({ guard, blocks, clock }: Controlled, identity: Identity, meetupId: string): AccessExplanation {
  const told = { refusal: '', role: '', rule: '' };
  const closed = guard.gate(identity);
  if (closed !== undefined) return { ...told, allowed: false, refusal: closed.label, reason: closed.detail, steps: [] };
  const block = blocks.check(identity, meetupId, clock.now());
  if (block !== undefined) {
    const reason = `${block.reason} (until ${new Date(block.until).toISOString()}, by ${block.by})`;
    return { ...told, allowed: false, refusal: 'blocked', reason, steps: [] };
  }
  const { decision, rules } = guard.policyFile?.explain(identity, meetupId) ?? {
    decision: guard.policy.decide(identity, meetupId),
    rules: [],
  };
  const steps = rules
    .filter(({ answer }) => answer !== 'unasked')
    .map(({ rule, answer, why }) => `rule "${rule}" ${answer}: ${why}`);
  const { reason, rule = '' } = decision;
  if (!decision.allowed) return { ...told, allowed: false, refusal: 'policy_denied', rule, reason, steps };
  return { ...told, allowed: true, role: decision.role, rule, reason: decision.wouldDeny ?? reason, steps };
}

function policyControl({ config, guard, clock, endedByPolicy }: Controlled): PolicyControl {
  const { policyFile } = guard;
  const startedAt = clock.now();
  return {
    info: () => {
      const source = config.policy ?? ANY_VERIFIED;
      if (policyFile === undefined) return { source, digest: '', rules: 1, loadedAt: startedAt, lastError: '' };
      const { digest, ruleCount: rules, loadedAt, fault: lastError = '' } = policyFile;
      return { source, digest, rules, loadedAt, lastError };
    },
    reload: async () => {
      if (policyFile === undefined) return { ok: { changed: false, endedConnections: 0 } };
      const before = endedByPolicy();
      const outcome = await policyFile.reload();
      if ('refused' in outcome) return outcome;
      return { ok: { changed: outcome.changed, endedConnections: endedByPolicy() - before } };
    },
  };
}

function logControl({ log }: Telemetry): LogControl {
  return {
    level: () => LOG_LEVELS.find((level): level is LogLevel => level === log.logger.level) ?? 'fatal',
    setLevel: (level) => log.setLevel(level),
  };
}
