import { badField } from '../rpc/fault.js';
import { opened, questionMark, sealed } from './opaque-token.js';

/** Items of one page when the request sets no size. */
export const DEFAULT_PAGE_SIZE = 50;
/** Most items of one page; a larger size is lowered to it (AIP-158). Writing 500 sessions keeps the relay waiting for about 10 ms. */
export const MAX_PAGE_SIZE = 500;

/** Position of an item in an order that does not change while it lives: its key, then its number. */
export interface ListPosition {
  readonly key: string | number;
  readonly sequence: number;
}

/** The list that a page is cut from. */
export interface Listing<Item> {
  /** All items that match, in any order. */
  readonly items: readonly Item[];
  position(item: Item): ListPosition;
  readonly descending: boolean;
  /** Everything in the request that changes the listing: a token of another question is refused. */
  readonly question: readonly string[];
}

export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
  readonly totalSize: number;
}

/**
 * Cuts one page: the items after the last item of the page before, by its position, so that items that come and go meanwhile
 * neither repeat nor hide others. Throws Fault on a wrong size or token.
 */
export function cutPage<Item>(listing: Listing<Item>, pageSize: number, pageToken: string): ListPage<Item> {
  if (pageSize < 0) throw badField('page_size', `must be from 0 (${DEFAULT_PAGE_SIZE}) to ${MAX_PAGE_SIZE}`);
  const size = pageSize === 0 ? DEFAULT_PAGE_SIZE : Math.min(pageSize, MAX_PAGE_SIZE);
  const mark = questionMark(...listing.question);
  const after = pageToken === '' ? undefined : positionIn(pageToken, mark);
  const { items, position, descending } = listing;
  const sign = descending ? -1 : 1;
  const order = (a: ListPosition, b: ListPosition): number => sign * compare(a, b);
  const rest = inOrder(
    after === undefined ? items : items.filter((item) => order(position(item), after) > 0),
    position,
    order,
  );
  const cut = rest.slice(0, size);
  const last = cut.at(-1);
  const end = last === undefined || rest.length === cut.length ? undefined : position(last);
  return {
    items: cut,
    nextPageToken: end === undefined ? '' : sealed([mark, end.key, end.sequence]),
    totalSize: items.length,
  };
}

/** Sorts the items, unless they are in order already, as in the usual order. */
function inOrder<Item>(
  items: readonly Item[],
  position: (item: Item) => ListPosition,
  order: (a: ListPosition, b: ListPosition) => number,
): readonly Item[] {
  const placed = items.map((item) => ({ item, at: position(item) }));
  const isSorted = placed.every(({ at }, n) => n === 0 || order(placed[n - 1]?.at ?? at, at) <= 0);
  return isSorted ? items : placed.sort((a, b) => order(a.at, b.at)).map(({ item }) => item);
}

function compare(a: ListPosition, b: ListPosition): number {
  if (a.key === b.key) return a.sequence - b.sequence;
  return a.key < b.key ? -1 : 1;
}

function positionIn(token: string, mark: string): ListPosition {
  const [asked, key, sequence] = opened(token) ?? [];
  if (key === undefined || typeof sequence !== 'number') {
    throw badField('page_token', 'is not a next_page_token of this replica');
  }
  if (asked !== mark) {
    throw badField('page_token', 'belongs to another filter, order or process: begin again without it');
  }
  return { key, sequence };
}
