import { badField } from '../rpc/fault.js';
import { opened, questionMark, sealed } from './opaque-token.js';

/** Items of one page when the request sets no size. */
export const DEFAULT_PAGE_SIZE = 50;
/** Most items of one page; a larger size is lowered to it (AIP-158). Writing 500 sessions keeps the relay waiting for about 10 ms. */
export const MAX_PAGE_SIZE = 500;

/**
 * Position of an item in an order that does not change while it lives: its key, then its uid. It means the same on every replica, so a page
 * token does too.
 */
export interface ListPosition {
  readonly key: string | number;
  readonly uid: string;
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
  const size = pageSizeOf(pageSize);
  const { items, position, descending, question } = listing;
  const after = pageToken === '' ? undefined : positionIn(pageToken, questionMark(...question));
  const order = listOrder(descending);
  const rest = inOrder(
    after === undefined ? items : items.filter((item) => order(position(item), after) > 0),
    position,
    order,
  );
  const cut = rest.slice(0, size);
  const last = cut.at(-1);
  const end = last === undefined || rest.length === cut.length ? undefined : position(last);
  return { items: cut, nextPageToken: end === undefined ? '' : pageTokenAfter(question, end), totalSize: items.length };
}

/** The number of items in a page of that `page_size`. Throws Fault. */
export function pageSizeOf(pageSize: number): number {
  if (pageSize < 0) throw badField('page_size', `must be from 0 (${DEFAULT_PAGE_SIZE}) to ${MAX_PAGE_SIZE}`);
  return pageSize === 0 ? DEFAULT_PAGE_SIZE : Math.min(pageSize, MAX_PAGE_SIZE);
}

/** Compares two positions of one order. */
export function listOrder(descending: boolean): (a: ListPosition, b: ListPosition) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => sign * (difference(a.key, b.key) || difference(a.uid, b.uid));
}

/** Makes the token of the page that follows an item of the listing. */
export function pageTokenAfter(question: readonly string[], { key, uid }: ListPosition): string {
  return sealed([questionMark(...question), key, uid]);
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

function difference<Key extends string | number>(a: Key, b: Key): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function positionIn(token: string, mark: string): ListPosition {
  const [asked, key, uid] = opened(token) ?? [];
  if (key === undefined || typeof uid !== 'string') throw badField('page_token', 'is not a next_page_token');
  if (asked !== mark) throw badField('page_token', 'belongs to another filter or order: begin again without it');
  return { key, uid };
}
