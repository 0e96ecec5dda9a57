import type { GetServerInfoResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import type { PolicyInfo__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/PolicyInfo.js';
import type { ReloadPolicyResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ReloadPolicyResponse.js';
import type { ReplicaPolicy__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ReplicaPolicy.js';
import type { ServerInfo__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ServerInfo.js';
import { safe } from '../proxy/wire/safe-text.js';
import { connected } from './connection.js';
import type { ConnectionFlags } from './connection-flags.js';
import { timeMs } from './json-form.js';
import { levelText } from './log-level-run.js';
import { type Column, columns, cutLines, documentOf, formOf, type OutputFlags, properties } from './output.js';
import type { Terminal } from './terminal.js';
import { tellUnanswered } from './unanswered.js';

type Flags = ConnectionFlags & OutputFlags;
type Rows = readonly (readonly [string, string])[];

/** `info`. */
export async function info(flags: Flags, io: Terminal): Promise<void> {
  const answer = await connected(flags, io.environment, ({ client, ask }) =>
    ask<GetServerInfoResponse__Output>((metadata, options, done) => client.getServerInfo({}, metadata, options, done)),
  );
  tell(answer, infoRows(answer), answer.replicas, REPLICAS, flags, io);
  tellUnanswered(answer.unreachable_replicas, 'nothing is known of it', io);
  tellDifference(answer.replicas, io);
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
  tell(answer, rows, answer.replicas, POLICIES, flags, io);
  tellUnanswered(answer.unreachable_replicas, 'which policy is in force there is not known', io);
  tellDifference(answer.replicas, io);
}

/** Writes an answer: rows about the replica that answered, and a table of all where there are several. */
function tell<Row>(
  answer: object,
  rows: Rows,
  replicas: readonly Row[],
  of: readonly Column<Row>[],
  flags: Flags,
  io: Terminal,
): void {
  const form = formOf(flags, io);
  if (form === 'json' || form === 'yaml') {
    io.out(documentOf(answer, form));
    return;
  }
  const table = replicas.length === 0 ? '' : `\n${columns(replicas, of, form)}`;
  io.out(`${properties(rows, form)}${io.columns === undefined ? table : cutLines(table, io.columns)}`);
}

/** Policies are files of each replica, and whoever deploys them may have missed one. */
function tellDifference(replicas: readonly Pick<ReplicaPolicy__Output, 'replica' | 'policy'>[], io: Terminal): void {
  const digests = new Set(replicas.map(({ policy }) => policy?.digest));
  if (digests.size < 2) return;
  const told = replicas.map(({ replica, policy }) => `${replica} ${shortDigest(policy)}`).join(', ');
  io.note(`the replicas enforce different policies: ${safe(told)}\n`);
}

const REPLICAS: readonly Column<ServerInfo__Output>[] = [
  { title: 'REPLICA', plain: ({ replica }) => replica },
  { title: 'VERSION', plain: ({ version }) => version },
  { title: 'STATE', plain: stateOf },
  { title: 'CONNECTIONS', plain: ({ connections }) => String(connections), right: true },
  { title: 'PAIRED', plain: ({ paired_sessions: paired }) => String(paired), right: true },
  { title: 'WAITING', plain: ({ waiting_sessions: waiting }) => String(waiting), right: true },
  { title: 'POLICY', plain: ({ policy }) => policy?.digest ?? '', pretty: ({ policy }) => shortDigest(policy) },
  { title: 'NOT READY', plain: ({ not_ready: why }) => why },
];

const POLICIES: readonly Column<ReplicaPolicy__Output>[] = [
  { title: 'REPLICA', plain: ({ replica }) => replica },
  { title: 'CHANGED', plain: ({ changed }) => (changed ? 'yes' : 'no') },
  { title: 'POLICY', plain: ({ policy }) => policy?.digest ?? '', pretty: ({ policy }) => shortDigest(policy) },
];

function infoRows({ server, caller_rights: rights }: GetServerInfoResponse__Output): Rows {
  if (server === null) return [];
  const sessions = `${server.paired_sessions} paired, ${server.waiting_sessions} waiting, ${server.max_sessions} at most`;
  return [
    ['replica', server.replica],
    ...(server.incarnation === '' ? [] : [['incarnation', server.incarnation] as const]),
    ['version', `${server.version} on Node ${server.node_version}`],
    ['since', moment(server.start_time)],
    ['state', stateOf(server)],
    ...(server.not_ready === '' ? [] : [['not ready', server.not_ready] as const]),
    ['connections', `${server.connections}, of which ${server.greeting_connections} owe their HELLO`],
    ['sessions', sessions],
    ['blocks', String(server.blocks)],
    ['watchers', String(server.watchers)],
    ['taps', String(server.taps)],
    ['log level', server.log_level],
    ...server.meetup_log_levels.map((one) => ['log level of', levelText(one)] as const),
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

function stateOf({ drain_state: state }: ServerInfo__Output): string {
  return state.slice('DRAIN_STATE_'.length).toLowerCase();
}

function shortDigest(policy: PolicyInfo__Output | null): string {
  return policy?.digest.slice(0, 12) || policy?.source || '';
}

function moment(time: { readonly seconds: string; readonly nanos: number } | null): string {
  return time === null ? '-' : new Date(timeMs(time)).toISOString();
}
