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
  /** When it happened, milliseconds since the epoch; lists are in this order, or nearly. */
  readonly at: (item: Item) => number;
  readonly most: number;
  /** Makes a pause, in which messages are relayed. */
  readonly pause: () => Promise<void>;
}

export interface Found<Item> {
  /** Newest first. */
  readonly items: readonly Item[];
  /** All that fit, told only where there was something that they had to fit. */
  readonly fitting: number | undefined;
}

/** The newest records of one kind over all meetups. It takes a little time at once, however much is remembered. */
export async function newestOf<Item>(memory: Memory, search: Search<Item>): Promise<Found<Item>> {
  const { fits, at, most } = search;
  let items: Item[] = [];
  let fitting = 0;
  const cut = (): void => {
    items = items.sort((a, b) => at(b) - at(a)).slice(0, most);
  };
  for await (const some of inPortions(memory, search)) {
    const found = fits === undefined ? some : some.filter(fits);
    fitting += found.length;
    items.push(...found);
    if (items.length > most * 4) cut();
  }
  cut();
  return { items, fitting: fits === undefined ? undefined : fitting };
}

/** All that is looked at, with a pause behind each portion. */
async function* inPortions<Item>(
  memory: Memory,
  { lists, fits, most, pause }: Search<Item>,
): AsyncGenerator<readonly Item[]> {
  let portion: Item[] = [];
  let looked = 0;
  for (const record of [...memory.records()]) {
    looked += 1;
    // Where everything fits, the newest of a list are all that can be among the newest.
    for (const { items } of lists(record)) portion.push(...(fits === undefined ? items.slice(-most) : items));
    if (portion.length + looked < AT_A_TIME) continue;
    yield portion;
    portion = [];
    looked = 0;
    await pause();
  }
  yield portion;
}
