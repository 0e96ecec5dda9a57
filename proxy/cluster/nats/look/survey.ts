import type { ReplicaRecord, Tombstone } from '../../store.js';
import type { Failure } from '../line/failure.js';
import type { StreamSettings } from '../line/settings.js';
import type { StoredBytes } from '../requests.js';
import { readClaim, readRecord } from '../stored-values.js';
import { type Difference, differencesOf, type Table, tablesOf } from '../tables.js';
import type { Visit } from './visit.js';

/** Most claims that a survey counts. */
export const MAX_COUNTED = 2_000_000;

/** The server that answered. */
export interface SurveyedServer {
  readonly version: string;
  /** Name of its cluster; absent where it is alone. */
  readonly cluster?: string;
  /** Milliseconds from a question to its answer, the shortest of some. */
  readonly answer: number;
}

/** One stream, as it was found. */
export type SurveyedStream = { readonly name: string } & (
  | {
      readonly t: 'there';
      readonly messages: number;
      readonly bytes: number;
      /** Servers that hold it, and on what. */
      readonly servers: number;
      readonly storage: string;
      /** What is not as it must be. */
      readonly differences: readonly Difference[];
    }
  | { readonly t: 'missing' }
  | { readonly t: 'untold'; readonly detail: string }
);

/** One replica that has a record, and the claims that name it. */
export interface SurveyedReplica {
  readonly incarnation: string;
  readonly name: string;
  readonly address: string;
  readonly version: string;
  readonly policyDigest: string;
  /** Milliseconds since its last renewal, by the server's clock. */
  readonly age: number;
  readonly claims: number;
}

/** All that the fleet has in NATS, at one time and without holding anything. */
export interface Survey {
  readonly server: SurveyedServer;
  readonly streams: readonly SurveyedStream[];
  readonly replicas: readonly SurveyedReplica[];
  /** Incarnations that were declared dead. */
  readonly dead: number;
  readonly claims: number;
  /** Claims of incarnations without a living record: the next who wants such a meetup takes it over. */
  readonly leftovers: number;
  /** False where there are more claims than are counted. */
  readonly isWhole: boolean;
}

/** Surveys the server and the streams, and reads nothing of what is in them. */
export async function surveyStreams(
  visit: Visit,
  settings: StreamSettings,
): Promise<Pick<Survey, 'server' | 'streams'>> {
  const { link, names } = visit;
  const streams: SurveyedStream[] = [];
  let answer = Number.POSITIVE_INFINITY;
  for (const table of tablesOf(names, settings)) {
    const asked = performance.now();
    streams.push(await streamOf(visit, table));
    answer = Math.min(answer, performance.now() - asked);
  }
  const { version = 'unknown', cluster } = link.connection?.info ?? {};
  return { server: { version, answer, ...(cluster === undefined ? {} : { cluster }) }, streams };
}

async function streamOf({ requests }: Visit, table: Table): Promise<SurveyedStream> {
  const { name } = table;
  const info = await requests.manage((jsm) => jsm.streams.info(name));
  if (info.t === 'failed') {
    return info.kind === 'missing' ? { name, t: 'missing' } : { name, t: 'untold', detail: info.detail };
  }
  const { config, state } = info.value;
  const { messages, bytes } = state;
  const { num_replicas: servers, storage } = config;
  return { name, t: 'there', messages, bytes, servers, storage, differences: differencesOf(table, config) };
}

/** Surveys everything. Gives the failure of the first request that got no answer. */
export async function surveyFleet(visit: Visit, settings: StreamSettings): Promise<Survey | Failure> {
  const look = await surveyStreams(visit, settings);
  const records: { readonly incarnation: string; readonly at: number; readonly record: ReplicaRecord | Tombstone }[] =
    [];
  const counts = new Map<string, number>();
  const failed =
    (await each(visit, 'replica', ({ subject, data, at }) => {
      const incarnation = visit.names.rest('replica', subject) ?? '';
      records.push({ incarnation, at, record: readRecord(data, incarnation) });
    })) ??
    (await each(visit, 'claim', ({ data }) => {
      const { incarnation } = readClaim(data);
      counts.set(incarnation, (counts.get(incarnation) ?? 0) + 1);
    }));
  const isThere = look.streams.some(({ name, t }) => name === visit.names.claims && t !== 'missing');
  if (failed !== undefined && isThere) return failed;
  const now = await serverTime(visit);
  const replicas = records.flatMap(({ incarnation, at, record }) => {
    if ('dead' in record) return [];
    const { format: _, control: __, ...told } = record;
    return [{ incarnation, ...told, age: Math.max(0, now - at), claims: counts.get(incarnation) ?? 0 }];
  });
  const claims = sum(counts.values());
  return {
    ...look,
    replicas: replicas.sort((one, other) => (one.name < other.name ? -1 : 1)),
    dead: records.length - replicas.length,
    claims,
    leftovers: claims - sum(replicas.map((one) => one.claims)),
    isWhole: claims < MAX_COUNTED,
  };
}

/** Hands on every value of a kind, a page at a time, until MAX_COUNTED were. */
async function each(
  { requests, names }: Visit,
  kind: 'replica' | 'claim',
  take: (value: StoredBytes) => void,
): Promise<Failure | undefined> {
  let count = 0;
  for await (const page of requests.pages(names.claims, names.all(kind))) {
    if (page.t === 'failed') return page;
    for (const value of page.value) take(value);
    count += page.value.length;
    if (count >= MAX_COUNTED) break;
  }
  return undefined;
}

/** The time of the server that answers, milliseconds since the epoch; our own where it tells none. */
async function serverTime({ requests, names }: Visit): Promise<number> {
  const info = await requests.manage((jsm) => jsm.streams.info(names.claims));
  return info.t === 'answered' ? Date.parse(info.value.ts ?? '') || Date.now() : Date.now();
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, one) => total + one, 0);
}
