import { setTimeout as delay } from 'node:timers/promises';
import type { Block } from '../../policy/limits/blocks.js';
import type { BlockReader, BlockStore } from '../block-store.js';
import type { Put } from '../store.js';
import type { NatsLink } from './line/link.js';
import type { Requests, StoredBytes } from './requests.js';
import { readBlock, type StoredBlock, writeBlock } from './stored-values.js';
import type { Streams } from './streams.js';
import { type Names, namesOf } from './subjects.js';

/** Milliseconds between two looks for changes. */
const LOOK_EVERY_MS = 1_000;
/** Milliseconds between two looks of somebody who waits for a change. */
const LOOK_AGAIN_MS = 50;
/** Milliseconds for which a change is waited for. */
const PATIENCE_MS = 1_500;
/** Milliseconds for which a block stays stored after its end, since clocks differ. */
const KEPT_AFTER_MS = 3_600_000;

/** What `WSP_BLOCKS` was at the last look. */
interface Seen {
  /** When the stream was made; another time is another stream. */
  readonly made: string;
  /** Number of its last write. */
  readonly last: number;
}

/**
 * Blocks in JetStream. Changes are asked for by their number and not subscribed to: a look that fails is made again, and none can go deaf.
 */
export class NatsBlocks implements BlockStore {
  readonly #link: NatsLink;
  readonly #requests: Requests;
  readonly #streams: Streams;
  readonly #names: Names;
  readonly #now: () => number;
  #reader: BlockReader | undefined;
  #looking: Promise<void> | undefined;
  #made: string | undefined;
  #applied = 0;
  #isWhole = false;

  /** `now`: milliseconds since the epoch. */
  constructor(link: NatsLink, requests: Requests, streams: Streams, now: () => number = Date.now) {
    this.#link = link;
    this.#requests = requests;
    this.#streams = streams;
    this.#names = namesOf(link.settings.cluster);
    this.#now = now;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  get applied(): number {
    return this.#applied;
  }

  put(block: Block): Promise<Put> {
    return this.#write({ t: 'block', block }, block);
  }

  lift(block: Pick<Block, 'uid' | 'until'>): Promise<Put> {
    return this.#write({ t: 'lifted', uid: block.uid }, block);
  }

  follow(reader: BlockReader): () => void {
    this.#reader = reader;
    this.#isWhole = false;
    const timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
    const forget = this.#link.onConnection((connected) => {
      if (connected) void this.#look();
    });
    void this.#look();
    return () => {
      clearInterval(timer);
      forget();
      this.#reader = undefined;
    };
  }

  async appliedTo(sequence: number): Promise<boolean> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.#applied < sequence && performance.now() < deadline) {
      // A look that began before the change was written may not have seen it.
      await this.#looking;
      await this.#look();
      if (this.#applied < sequence) await delay(LOOK_AGAIN_MS);
    }
    return this.#applied >= sequence;
  }

  /** One look at a time. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const seen = await this.#seen();
    if (seen === undefined) return;
    if (this.#made !== undefined && this.#made !== seen.made) {
      if (!(await this.#restored())) return;
      this.#applied = 0;
    }
    this.#made = seen.made;
    while (this.#applied < seen.last && this.#reader !== undefined) {
      const found = await this.#changes();
      if (found === undefined) return;
      for (const change of found) this.#hand(change);
      // The changes that are missing up to there were overwritten, or have expired.
      if (found.length === 0) this.#applied = seen.last;
    }
    this.#isWhole = this.#reader !== undefined;
  }

  /** Makes the stream where there is none, and looks once more. */
  async #seen(mayMend = true): Promise<Seen | undefined> {
    const info = await this.#requests.manage((jsm) => jsm.streams.info(this.#names.blocks));
    if (info.t === 'answered') return { made: info.value.created, last: info.value.state.last_seq };
    const isMade = mayMend && info.kind === 'missing' && (await this.#streams.mend());
    return isMade ? this.#seen(false) : undefined;
  }

  /** The changes after the last one; a server that lags behind may have none of them yet, so the leader has the last word. */
  async #changes(): Promise<readonly StoredBytes[] | undefined> {
    const { blocks, all } = this.#names;
    const page = await this.#requests.page(blocks, this.#applied + 1, all('block'));
    if (page.t === 'failed') return undefined;
    if (page.value.length > 0) return page.value;
    const next = await this.#requests.next(blocks, this.#applied + 1, all('block'));
    if (next.t === 'failed') return undefined;
    return next.value === undefined ? [] : [next.value];
  }

  #hand({ subject, sequence, data }: StoredBytes): void {
    const uid = this.#names.rest('block', subject);
    const stored = uid === undefined ? undefined : readBlock(data, uid);
    if (stored?.t === 'block') this.#reader?.put(stored.block);
    if (stored?.t === 'lifted') this.#reader?.lifted(stored.uid);
    this.#applied = sequence;
  }

  /**
   * Writes the blocks in force here again after the stream was lost with them, except those that somebody has written or lifted since. False
   * where some of these writes may have failed; the next attempt repeats none that worked.
   */
  async #restored(): Promise<boolean> {
    for (const block of this.#reader?.inForce() ?? []) {
      const put = await this.#write({ t: 'block', block }, block, 0);
      if (put.t === 'unknown') return false;
    }
    return true;
  }

  #write(stored: StoredBlock, { uid, until }: Pick<Block, 'uid' | 'until'>, expected?: number): Promise<Put> {
    const life = Math.max(0, until - this.#now()) + KEPT_AFTER_MS;
    return this.#streams.write({ subject: this.#names.block(uid), value: writeBlock(stored), life, expected });
  }
}
