import type { Backlog } from './backlog.js';
import type { MeetupRecord } from './meetup-record.js';
import type { Memory } from './memory.js';

/** Records between two pauses of a search: some hundred microseconds of work. */
const AT_A_TIME = 500;

export interface Search<Item> {
  /** The lists of a meetup in which to look, each oldest first. */
  readonly lists: (record: MeetupRecord) => readonly Pick<Backlog<Item>, 'items'>[];
  /** Undefined: all fit, and what is older than the newest of them is not looked at. */
  readonly fits?: ((item: Item) => boolean) | undefined;
  /** What tells the newer from the older; lists are in this order, or nearly. */
  readonly at: (item: Item) => number;
  readonly most: number;
  /** Makes a pause, in which messages are relayed. */
  readonly pause: () => Promise<void>;
  /** Whether nobody waits for the result any more; it is asked after each pause. Without it somebody always does. */
  readonly isGone?: (() => boolean) | undefined;
}

export interface Found<Item> {
  /** Newest first. */
  readonly items: readonly Item[];
  /** All that fit, told only where there was something that they had to fit. */
  readonly fitting: number | undefined;
}

/**
 * The newest records of one kind over all meetups. It takes a little time at once, however much is remembered, and ends early, with what was found so far,
 * once nobody waits for it.
 */
export async function newestOf<Item>(memory: Memory, search: Search<Item>): Promise<Found<Item>> {
  const { lists, fits, pause, isGone } = search;
  const newest = new Newest(search);
  const found = () => ({ items: newest.items, fitting: fits === undefined ? undefined : newest.fitting });
  let looked = 0;
  // The most recently used meetups first: what is older than theirs need not be kept for a moment.
  for (const record of [...memory.records()].reverse()) {
    for (const portion of lists(record).flatMap(({ items }) => portionsOf(items))) {
      looked += fits === undefined ? newest.addEnd(portion) : newest.addFitting(portion, fits);
      if (looked >= AT_A_TIME) {
        looked = 0;
        await pause();
        if (isGone?.() === true) return found();
      }
    }
    looked += 1;
  }
  return found();
}

/** A list in parts that take little time each, the newest first. */
function portionsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= AT_A_TIME) return [items];
  const portions: (readonly Item[])[] = [];
  for (let end = items.length; end > 0; end -= AT_A_TIME) portions.push(items.slice(Math.max(0, end - AT_A_TIME), end));
  return portions;
}

/** The newest of those that are added, in whatever order. */
class Newest<Item> {
  readonly #at: (item: Item) => number;
  readonly #most: number;
  #items: Item[] = [];
  /** What is older is none of the newest. */
  #least = Number.NEGATIVE_INFINITY;
  fitting = 0;

  constructor({ at, most }: Pick<Search<Item>, 'at' | 'most'>) {
    this.#at = at;
    this.#most = most;
  }

  /** Newest first. */
  get items(): readonly Item[] {
    this.#cut();
    return this.#items;
  }

  /** Adds the end of a list that is in order, as far as it is new enough; returns how many were looked at. */
  addEnd(list: readonly Item[]): number {
    let looked = 0;
    for (let i = list.length - 1; i >= 0; i -= 1) {
      const item = list[i];
      looked += 1;
      if (item === undefined || this.#at(item) < this.#least) break;
      this.#add(item);
    }
    return looked;
  }

  /** Adds those that fit, and counts them; returns how many were looked at. */
  addFitting(list: readonly Item[], fits: (item: Item) => boolean): number {
    for (const item of list) {
      if (!fits(item)) continue;
      this.fitting += 1;
      if (this.#at(item) >= this.#least) this.#add(item);
    }
    return list.length;
  }

  #add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length > this.#most * 4) this.#cut();
  }

  #cut(): void {
    const { length } = this.#items;
    this.#items = this.#items.sort((a, b) => this.#at(b) - this.#at(a)).slice(0, this.#most);
    const last = this.#items.at(-1);
    if (length >= this.#most && last !== undefined) this.#least = this.#at(last);
  }
}
