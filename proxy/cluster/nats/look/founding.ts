import type { StreamConfig, StreamInfo } from '@nats-io/jetstream';
import type { StreamSettings } from '../line/settings.js';
import type { Answer } from '../requests.js';
import { type Difference, differencesOf, newStream, type Table, tablesOf } from '../tables.js';
import type { Visit } from './visit.js';

/** What was done to one stream. */
export interface Founded {
  readonly stream: string;
  readonly did: 'made' | 'altered' | 'nothing';
  readonly servers: number;
  readonly storage: string;
  /** The settings that were altered, as they were. */
  readonly altered: readonly Difference[];
}

/** A stream could not be made or altered; the message names it and says why. */
export class FoundingError extends Error {
  override readonly name = 'FoundingError';
}

/**
 * Makes the streams of the fleet, and alters those that are not as they must be. What is in them stays. Servers that hold a stream only become
 * more. Throws FoundingError.
 */
export async function foundStreams(
  visit: Visit,
  settings: StreamSettings,
  now = Date.now(),
): Promise<readonly Founded[]> {
  const founded: Founded[] = [];
  for (const table of tablesOf(visit.names, settings)) founded.push(await found(visit, table, now));
  return founded;
}

async function found({ requests }: Visit, table: Table, now: number): Promise<Founded> {
  const info = await requests.manage((jsm) => jsm.streams.info(table.name));
  if (info.t === 'failed') {
    if (info.kind !== 'missing') throw refused(table, info.detail);
    const made = await requests.manage((jsm) => jsm.streams.add(newStream(table, now)));
    return founded('made', answerIn(made, table), []);
  }
  const { config } = info.value;
  const altered = [...differencesOf(table, config), ...fewer(table, config)];
  if (altered.length === 0) return founded('nothing', info.value, []);
  const { name, storage: _, ...wanted } = table;
  const num_replicas = Math.max(table.num_replicas, config.num_replicas);
  const update = { ...config, ...wanted, num_replicas };
  return founded('altered', answerIn(await requests.manage((jsm) => jsm.streams.update(name, update)), table), altered);
}

function founded(did: Founded['did'], { config }: StreamInfo, altered: readonly Difference[]): Founded {
  return { stream: config.name, did, servers: config.num_replicas, storage: config.storage, altered };
}

/** More servers are asked for than hold the stream. */
function fewer({ num_replicas: wanted }: Table, { num_replicas: found }: StreamConfig): readonly Difference[] {
  return found < wanted ? [{ setting: 'num_replicas', wanted: String(wanted), found: String(found) }] : [];
}

function answerIn<T>(answer: Answer<T>, table: Table): T {
  if (answer.t === 'answered') return answer.value;
  throw refused(table, answer.detail);
}

function refused({ name }: Table, why: string): FoundingError {
  return new FoundingError(`the stream ${name}: ${why}`);
}
