import type { GetServerInfoResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import type { PolicyInfo__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/PolicyInfo.js';
import type { ReloadPolicyResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ReloadPolicyResponse.js';
import type { SetLogLevelResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/SetLogLevelResponse.js';
import { connected } from './connection.js';
import type { ConnectionFlags } from './connection-flags.js';
import { timeMs } from './json-form.js';
import { documentOf, formOf, type OutputFlags, properties } from './output.js';
import type { Terminal } from './terminal.js';

type Flags = ConnectionFlags & OutputFlags;
type Rows = readonly (readonly [string, string])[];

/** `info`. */
export async function info(flags: Flags, io: Terminal): Promise<void> {
  const answer = await connected(flags, io.environment, ({ client, ask }) =>
    ask<GetServerInfoResponse__Output>((metadata, options, done) => client.getServerInfo({}, metadata, options, done)),
  );
  tell(answer, infoRows(answer), flags, io);
}

/** `reload`. */
export async function reload(flags: Flags, io: Terminal): Promise<void> {
  const answer = await connected(flags, io.environment, ({ client, ask }) =>
    ask<ReloadPolicyResponse__Output>((metadata, options, done) => client.reloadPolicy({}, metadata, options, done)),
  );
  const rows: Rows = [
    ['changed', answer.changed ? 'yes' : 'no'],
    ['ended', `${answer.ended_connections} connections`],
    ...policyRows(answer.policy),
  ];
  tell(answer, rows, flags, io);
}

/** `log-level`. */
export async function setLogLevel(level: string, flags: Flags, io: Terminal): Promise<void> {
  const answer = await connected(flags, io.environment, ({ client, ask }) =>
    ask<SetLogLevelResponse__Output>((metadata, options, done) =>
      client.setLogLevel({ level }, metadata, options, done),
    ),
  );
  tell(answer, [['level', `${answer.level}, was ${answer.previous_level}`]], flags, io);
}

function tell(answer: object, rows: Rows, flags: Flags, io: Terminal): void {
  const form = formOf(flags, io);
  io.out(form === 'json' || form === 'yaml' ? documentOf(answer, form) : properties(rows, form));
}

function infoRows({ server, caller_rights: rights }: GetServerInfoResponse__Output): Rows {
  if (server === null) return [];
  const sessions = `${server.paired_sessions} paired, ${server.waiting_sessions} waiting, ${server.max_sessions} at most`;
  return [
    ['replica', server.replica],
    ['version', `${server.version} on Node ${server.node_version}`],
    ['since', moment(server.start_time)],
    ['state', server.drain_state.slice('DRAIN_STATE_'.length).toLowerCase()],
    ['connections', `${server.connections}, of which ${server.greeting_connections} owe their HELLO`],
    ['sessions', sessions],
    ['blocks', String(server.blocks)],
    ['watchers', String(server.watchers)],
    ['taps', String(server.taps)],
    ['log level', server.log_level],
    ...policyRows(server.policy),
    ['your rights', rights.join(', ')],
  ];
}

function policyRows(policy: PolicyInfo__Output | null): Rows {
  if (policy === null) return [];
  const { digest, last_error: error } = policy;
  return [
    ['policy', `${policy.source}, ${policy.rules} rules, loaded ${moment(policy.load_time)}`],
    ...(digest === '' ? [] : [['policy sha256', digest] as const]),
    ...(error === '' ? [] : [['last reload', `refused: ${error}`] as const]),
  ];
}

function moment(time: { readonly seconds: string; readonly nanos: number } | null): string {
  return time === null ? '-' : new Date(timeMs(time)).toISOString();
}
