import { NatsFileError } from '../proxy/cluster/nats/line/connect-options.js';
import type { NatsSettings } from '../proxy/cluster/nats/line/settings.js';
import { type Founded, FoundingError, foundStreams } from '../proxy/cluster/nats/look/founding.js';
import {
  MAX_COUNTED,
  type Survey,
  type SurveyedReplica,
  type SurveyedStream,
  surveyFleet,
} from '../proxy/cluster/nats/look/survey.js';
import { NatsUnreachable, type Visit, visitNats } from '../proxy/cluster/nats/look/visit.js';
import { permissionsText, type Role } from '../proxy/cluster/nats/permissions.js';
import { CLUSTER_NAME } from '../proxy/cluster/nats/subjects.js';
import type { Difference } from '../proxy/cluster/nats/tables.js';
import { natsSettings } from '../proxy/config/bounds.js';
import { ConfigError, loadOptions } from '../proxy/config/load.js';
import { readSources } from '../proxy/config/read.js';
import { writeDuration } from '../proxy/values/duration.js';
import type { ClusterFlags } from './cluster.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import { type Column, columns, documentOf, formOf, properties } from './output.js';
import type { Terminal } from './terminal.js';

/** `cluster init`. Throws AdminFailure. */
export async function init(flags: ClusterFlags, io: Terminal): Promise<void> {
  const founded = await inNats(flags, io, (visit, { streams }) => foundStreams(visit, streams));
  const form = formOf(flags, io);
  if (form === 'json' || form === 'yaml') io.out(documentOf({ streams: founded }, form));
  else io.out(founded.map((one) => `${foundedText(one)}\n`).join(''));
}

/** `cluster status`. Throws AdminFailure. */
export async function status(flags: ClusterFlags, io: Terminal): Promise<void> {
  const survey = await inNats(flags, io, (visit, { streams }) => surveyFleet(visit, streams));
  if ('t' in survey) throw new AdminFailure(`NATS: ${survey.detail}`, EXIT.failed);
  const form = formOf(flags, io);
  if (form === 'json' || form === 'yaml') {
    io.out(documentOf(survey, form));
    return;
  }
  io.out(properties(statusRows(survey), form));
  if (survey.replicas.length > 0) io.out(`\n${columns(survey.replicas, REPLICA_COLUMNS, form)}`);
}

/** `cluster permissions`. Throws AdminFailure for a name that no fleet has. */
export function permissions(who: Role, clusterName: string, io: Terminal): void {
  if (!CLUSTER_NAME.test(clusterName)) {
    throw new AdminFailure(
      `--cluster-name ${clusterName}: no name of a fleet: give a letter and letters, digits and -`,
      EXIT.usage,
    );
  }
  io.out(permissionsText(clusterName, who));
}

async function inNats<T>(
  flags: ClusterFlags,
  io: Terminal,
  work: (visit: Visit, settings: NatsSettings) => Promise<T>,
): Promise<T> {
  const { output: _, timeout, ...options } = flags;
  try {
    const config = loadOptions(await readSources(options, io.environment));
    if (config.nats.length === 0) {
      throw new AdminFailure(
        'give --nats: the servers of NATS, or --config with the options of the service',
        EXIT.usage,
      );
    }
    const settings = { ...natsSettings(config), name: 'ws-proxy cluster', requestTime: timeout };
    return await visitNats(settings, timeout, (visit) => work(visit, settings));
  } catch (error) {
    if (error instanceof ConfigError || error instanceof NatsFileError)
      throw new AdminFailure(error.message, EXIT.usage);
    if (error instanceof NatsUnreachable)
      throw new AdminFailure(`NATS cannot be reached: ${error.message}`, EXIT.unavailable);
    if (error instanceof FoundingError) throw new AdminFailure(error.message, EXIT.failed);
    throw error;
  }
}

function foundedText({ stream, did, servers, storage, altered }: Founded): string {
  const where = `${servers} ${servers === 1 ? 'server' : 'servers'}, ${storage}`;
  if (did === 'made') return `${stream}: made (${where})`;
  if (did === 'nothing') return `${stream}: as it must be (${where})`;
  return `${stream}: altered (${where}): ${differencesText(altered)}`;
}

function differencesText(differences: readonly Difference[]): string {
  return differences.map(({ setting, found, wanted }) => `${setting} was ${found}, must be ${wanted}`).join('; ');
}

function statusRows({ server, streams, replicas, dead, claims, leftovers, isWhole }: Survey): [string, string][] {
  const { version, cluster, answer } = server;
  const counted = isWhole ? String(claims) : `more than ${MAX_COUNTED}`;
  return [
    [
      'server',
      `${version}${cluster === undefined ? ', alone' : `, of the cluster ${cluster}`}, answers in ${answer.toFixed(1)} ms`,
    ],
    ...streams.map((one): [string, string] => [one.name, streamText(one)]),
    ['replicas', `${replicas.length}, and ${dead} declared dead in the last days`],
    ['claims', `${counted}, of which ${leftovers} name no living replica`],
  ];
}

function streamText(stream: SurveyedStream): string {
  if (stream.t === 'missing') return 'missing: ws-proxy cluster init makes it';
  if (stream.t === 'untold') return stream.detail;
  const { messages, bytes, servers, storage, differences } = stream;
  const held = `${messages} ${messages === 1 ? 'value' : 'values'}, ${bytes} bytes, on ${servers} ${servers === 1 ? 'server' : 'servers'}, ${storage}`;
  return differences.length === 0 ? held : `${held}; ${differencesText(differences)}: ws-proxy cluster init mends it`;
}

const REPLICA_COLUMNS: readonly Column<SurveyedReplica>[] = [
  { title: 'REPLICA', plain: ({ name }) => name },
  { title: 'INCARNATION', plain: ({ incarnation }) => incarnation },
  { title: 'ADDRESS', plain: ({ address }) => address },
  { title: 'VERSION', plain: ({ version }) => version },
  {
    title: 'POLICY',
    plain: ({ policyDigest }) => policyDigest,
    pretty: ({ policyDigest }) => policyDigest.slice(0, 12),
  },
  { title: 'RENEWED', plain: ({ age }) => String(age), pretty: ({ age }) => `${writeDuration(age)} ago`, right: true },
  { title: 'CLAIMS', plain: ({ claims }) => String(claims), right: true },
];
