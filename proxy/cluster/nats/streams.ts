import { inTime } from '../../ports/in-time.js';
import { systemClock } from '../../ports/system-clock.js';
import type { Put } from '../store.js';
import type { NatsLink } from './line/link.js';
import type { NatsNews } from './line/settings.js';
import type { Requests, Writing } from './requests.js';
import { namesOf } from './subjects.js';
import { newStream, type Table, tablesOf } from './tables.js';

/** Milliseconds between two looks at streams that seem to be missing. */
const MEND_EVERY_MS = 500;
const MAY_NOT_MAKE = 'there is none, and this user may not make it: have one who may run ws-proxy cluster init';

/** Makes the streams where they are not there and this user may, also while the replica runs: a server can lose all that it stored. */
export class Streams {
  readonly #requests: Requests;
  readonly #news: NatsNews;
  readonly #tables: readonly Table[];
  readonly #requestTime: number;
  readonly #now: () => number;
  #mending: Promise<boolean> | undefined;
  #fruitlessAt = Number.NEGATIVE_INFINITY;
  /** True once a write has worked: from then on it is news that a stream is missing. */
  #hasWritten = false;
  readonly #told = new Set<string>();

  /** `now`: milliseconds since the epoch. */
  constructor(link: NatsLink, requests: Requests, news: NatsNews, now: () => number = Date.now) {
    const { cluster, streams, requestTime } = link.settings;
    this.#requestTime = requestTime;
    this.#requests = requests;
    this.#news = news;
    this.#tables = tablesOf(namesOf(cluster), streams);
    this.#now = now;
  }

  /**
   * Looks for each stream and makes what is missing. True where all are there now. One look at a time; none for MEND_EVERY_MS after one that
   * changed nothing.
   */
  mend(): Promise<boolean> {
    this.#mending ??= this.#mend().finally(() => {
      this.#mending = undefined;
    });
    return this.#mending;
  }

  /**
   * Writes; where there is no stream, it is made, and written again: nothing of the first can have been written. All of it ends within the
   * request time.
   */
  async write(writing: Writing): Promise<Put> {
    const until = performance.now() + this.#requestTime;
    const left = (): number => Math.max(1, until - performance.now());
    let answer = await this.#requests.put(writing, left());
    if (answer.t === 'failed' && answer.kind === 'nobody' && (await inTime(this.mend(), left(), systemClock))) {
      answer = await this.#requests.put(writing, left());
    }
    if (answer.t === 'failed') return { t: 'unknown', detail: answer.detail };
    this.#hasWritten = true;
    return answer.value;
  }

  async #mend(): Promise<boolean> {
    if (performance.now() - this.#fruitlessAt < MEND_EVERY_MS) return false;
    const found = await Promise.all(this.#tables.map((table) => this.#find(table)));
    if (!found.includes('made')) this.#fruitlessAt = performance.now();
    return !found.includes('missing');
  }

  async #find(table: Table): Promise<Found> {
    const info = await this.#requests.manage((jsm) => jsm.streams.info(table.name));
    if (info.t === 'answered') return 'there';
    // Only who answers knows that there is none: a cluster without a leader, or a server that starts, has not lost it.
    if (info.kind !== 'missing') return this.#tell(table.name, info.detail);
    const made = await this.#requests.manage((jsm) => jsm.streams.add(newStream(table, this.#now())));
    // Another was faster, and its stream begins at another number.
    if (made.t === 'failed' && made.kind === 'taken') return 'there';
    if (made.t === 'failed') {
      return this.#tell(table.name, made.kind === 'forbidden' ? MAY_NOT_MAKE : made.detail);
    }
    this.#news.tell(this.#hasWritten ? 'warn' : 'info', 'a stream was not in NATS, and is made', table.name);
    this.#told.clear();
    return 'made';
  }

  /** Tells each reason once, until a stream is made. There are a few. */
  #tell(stream: string, detail: string): 'missing' {
    const told = `${stream}: ${detail}`;
    if (!this.#told.has(told)) this.#news.tell('error', 'a stream cannot be had in NATS', told);
    this.#told.add(told);
    return 'missing';
  }
}

type Found = 'there' | 'made' | 'missing';
