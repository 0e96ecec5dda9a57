import type { StreamConfig } from '@nats-io/jetstream';
import type { StreamSettings } from './line/settings.js';
import type { Names } from './subjects.js';

/** The settings of a stream that this product relies on. */
export type Table = Pick<
  StreamConfig,
  | 'name'
  | 'description'
  | 'subjects'
  | 'retention'
  | 'storage'
  | 'num_replicas'
  | 'max_msgs_per_subject'
  | 'max_msgs'
  | 'max_bytes'
  | 'max_age'
  | 'max_msg_size'
  | 'discard'
  | 'allow_direct'
> & {
  /** Values may carry a time to live, which collects what was left behind. */
  readonly allow_msg_ttl: true;
};

/** Largest value of each table, bytes. */
const MAX_CLAIM_BYTES = 8 * 1024;
const MAX_BLOCK_BYTES = 16 * 1024;
/** Numbers for each millisecond of the time: no stream gives out as many, and until the year 2255 a number holds them exactly. */
const WRITES_PER_MS = 1000;

/**
 * The streams. Claims and records stand in one: when its end or all of it is lost, the records that were written last are lost too, and
 * each replica misses its own. Were they two, the claims alone could vanish, and nobody would know that a meetup has an owner.
 */
export function tablesOf(names: Names, { replicas, storage }: StreamSettings): readonly Table[] {
  const common = {
    retention: 'limits',
    storage,
    num_replicas: replicas,
    max_msgs_per_subject: 1,
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
    // Without room a write is refused; the oldest claim must never make way for it.
    discard: 'new',
    allow_direct: true,
    allow_msg_ttl: true,
  } as const;
  return [
    {
      ...common,
      name: names.claims,
      description: 'ws-proxy: which replica serves a meetup, and which replicas live',
      subjects: [names.all('claim'), names.all('replica')],
      max_msg_size: MAX_CLAIM_BYTES,
    },
    {
      ...common,
      name: names.blocks,
      description: 'ws-proxy: who is kept out, and until when',
      subjects: [names.all('block')],
      max_msg_size: MAX_BLOCK_BYTES,
    },
  ];
}

/**
 * The settings by which a stream is made at `now`, milliseconds since the epoch. Its numbers begin above all that an earlier stream of this name gave
 * out, so that a number from before a loss fits no write after it, neither as what is expected nor as what is deleted.
 */
export function newStream(table: Table, now: number): Table & Pick<StreamConfig, 'first_seq'> {
  return { ...table, first_seq: now * WRITES_PER_MS };
}

/** One setting of a stream that is not as it must be. */
export interface Difference {
  readonly setting: string;
  readonly wanted: string;
  readonly found: string;
}

/** The settings in which a stream differs. Whoever runs NATS decides how many servers hold it and on what, so these do not count. */
export function differencesOf(table: Table, found: Partial<StreamConfig>): readonly Difference[] {
  return Object.entries(table).flatMap(([setting, wanted]) => {
    const there: unknown = found[setting as keyof StreamConfig];
    if (FREE.has(setting) || same(wanted, there)) return [];
    return [{ setting, wanted: written(wanted), found: written(there) }];
  });
}

const FREE: ReadonlySet<string> = new Set(['name', 'description', 'num_replicas', 'storage']);

function same(wanted: unknown, there: unknown): boolean {
  return written(wanted) === written(there);
}

function written(value: unknown): string {
  return Array.isArray(value) ? [...value].sort().join(', ') : String(value ?? 'not set');
}
