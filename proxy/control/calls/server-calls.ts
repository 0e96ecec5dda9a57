import { status as Code } from '@grpc/grpc-js';
import type { Blocks } from '../../policy/limits/blocks.js';
import type { Clock } from '../../ports/clock.js';
import type { Fleet } from '../../ports/fleet.js';
import type { Drain } from '../../session/drain.js';
import type { Overview } from '../../session/views/overview.js';
import { LOG_LEVELS } from '../../wire/log-levels.js';
import type { GetServerInfoResponse } from '../generated/micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import type { PolicyInfo as PolicyResource } from '../generated/micronets/wsproxy/control/v1/PolicyInfo.js';
import type { ReloadPolicyResponse } from '../generated/micronets/wsproxy/control/v1/ReloadPolicyResponse.js';
import type { SetLogLevelRequest__Output } from '../generated/micronets/wsproxy/control/v1/SetLogLevelRequest.js';
import type { SetLogLevelResponse } from '../generated/micronets/wsproxy/control/v1/SetLogLevelResponse.js';
import type { Caller } from '../rpc/caller.js';
import { badField, Fault } from '../rpc/fault.js';
import type { LogControl, MeetupLevels, PolicyControl, PolicyInfo, ServerFacts } from '../rpc/ports.js';
import { heldRights } from '../rpc/rights.js';
import type { Slots } from '../rpc/slots.js';
import { timestamp } from '../rpc/times.js';
import { STATES } from './drain-calls.js';
import { meetupLevelResource } from './meetup-log-level.js';

export interface ServerParts {
  readonly facts: ServerFacts;
  readonly overview: Overview;
  readonly drain: Drain;
  readonly blocks: Blocks;
  readonly watchers: Slots;
  readonly taps: Slots;
  readonly policy: PolicyControl;
  readonly log: LogControl;
  readonly meetupLevels: MeetupLevels;
  /** The reason for which this replica takes no newcomers now; undefined when it does. */
  readonly notReady: () => string | undefined;
  /** This run of the replica among the others; absent where it is alone. */
  readonly link?: { readonly fleet: Pick<Fleet, 'incarnation'> } | undefined;
  readonly clock: Clock;
}

/** GetServerInfo. */
export function serverInfo(parts: ServerParts, caller: Caller): GetServerInfoResponse {
  const { facts, drain, blocks, clock } = parts;
  const { connections, greeting, waiting, paired } = parts.overview.counts;
  return {
    server: {
      replica: facts.replica,
      version: facts.version,
      node_version: process.versions.node,
      start_time: timestamp(facts.startedAt),
      drain_state: STATES[drain.state.t],
      connections,
      greeting_connections: greeting,
      waiting_sessions: waiting,
      paired_sessions: paired,
      max_sessions: facts.maxSessions,
      blocks: blocks.list(clock.now()).length,
      watchers: parts.watchers.used,
      taps: parts.taps.used,
      policy: policyResource(parts.policy.info()),
      log_level: parts.log.level(),
      incarnation: parts.link?.fleet.incarnation ?? '',
      not_ready: parts.notReady() ?? '',
      meetup_log_levels: parts.meetupLevels.list().map(meetupLevelResource),
    },
    caller_rights: [...heldRights(caller.grant)],
  };
}

/** ReloadPolicy. Throws Fault. */
export async function reloadPolicy(policy: PolicyControl): Promise<ReloadPolicyResponse> {
  const outcome = await policy.reload();
  if ('refused' in outcome) {
    throw new Fault(
      Code.FAILED_PRECONDITION,
      'POLICY_INVALID',
      `the policy in force stays, since the file is not valid: ${outcome.refused}`,
      { particulars: { source: policy.info().source } },
    );
  }
  const { changed, endedConnections } = outcome.ok;
  return { policy: policyResource(policy.info()), changed, ended_connections: endedConnections };
}

/** SetLogLevel. Throws Fault. */
export function setLogLevel(log: LogControl, request: SetLogLevelRequest__Output): SetLogLevelResponse {
  const level = LOG_LEVELS.find((one) => one === request.level);
  if (level === undefined) throw badField('level', `must be one of ${LOG_LEVELS.join(', ')}`);
  const before = log.level();
  log.setLevel(level);
  return { previous_level: before, level };
}

function policyResource(info: PolicyInfo): PolicyResource {
  return {
    source: info.source,
    digest: info.digest,
    rules: info.rules,
    load_time: timestamp(info.loadedAt),
    last_error: info.lastError,
  };
}
