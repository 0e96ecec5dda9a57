import type { SessionFigures } from '../../session/views/overview.js';
import { type ListPosition, listOrder, pageSizeOf, pageTokenAfter } from '../calls/list-page.js';
import { sessionQuestion } from '../calls/list-sessions.js';
import type { ListSessionsRequest__Output } from '../generated/micronets/wsproxy/control/v1/ListSessionsRequest.js';
import type { ListSessionsResponse } from '../generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import type { Session } from '../generated/micronets/wsproxy/control/v1/Session.js';
import { msOf } from '../past/words.js';
import { type ListedSession, sessionOrder } from '../sessions/session-order.js';

/** One replica's own list of sessions, as the merge reads it. */
export interface ListSource {
  /** Name of the replica. */
  readonly replica: string;
  /** The page of its own list that begins after `token`; undefined when it does not answer, or refuses. This replica's own rejects when the question is wrong. */
  page(token: string, size: number): Promise<ListSessionsResponse | undefined>;
}

/** A page of the list of all replicas. */
export interface MergedPage {
  readonly sessions: Session[];
  readonly nextPageToken: string;
  readonly totalSize: number;
  /** Names of the replicas that did not answer. */
  readonly unreachable: readonly string[];
}

/** Sessions that are asked for beyond a replica's even share of a page. */
const SPARE = 8;

/**
 * Merges the lists of the replicas into one page. Each is asked for its share of the page first, and for more only where its share is used up:
 * a hundred replicas do not send a whole page each. A replica that stops answering is named, however far its sessions were told.
 */
export async function mergedPage(
  sources: readonly ListSource[],
  request: ListSessionsRequest__Output,
): Promise<MergedPage> {
  const size = pageSizeOf(request.page_size);
  const { position, descending } = sessionOrder(request.order_by);
  const order = listOrder(descending);
  const share = Math.min(size, Math.ceil(size / Math.max(sources.length, 1)) + SPARE);
  const entryOf = (session: Session): Entry => ({ session, at: position(listed(session)) });
  const lists = sources.map((source) => new ListReader(source, request.page_token, share, size, entryOf));
  const chosen = new Map<string, Entry>();
  do {
    await Promise.all(lists.filter((list) => list.needsMore).map((list) => list.read()));
    fill(chosen, size, lists, (a, b) => order(a.at, b.at));
  } while (chosen.size < size && lists.some((list) => list.needsMore));
  const page = [...chosen.values()];
  const last = page.at(-1);
  const goesOn = last !== undefined && lists.some((list) => list.head !== undefined || list.needsMore);
  return {
    sessions: page.map(({ session }) => session),
    nextPageToken: goesOn ? pageTokenAfter(sessionQuestion(request), last.at) : '',
    totalSize: lists.reduce((sum, { total }) => sum + total, 0),
    unreachable: lists.filter(({ isLost }) => isLost).map(({ source }) => source.replica),
  };
}

/** A session, and where it stands in the list of all. */
interface Entry {
  readonly session: Session;
  readonly at: ListPosition;
}

/** Takes what comes next, until the page is full or one list is used up: as long as none is, the least of all heads is the next. */
function fill(
  page: Map<string, Entry>,
  size: number,
  lists: readonly ListReader[],
  order: (a: Entry, b: Entry) => number,
): void {
  while (page.size < size && !lists.some((list) => list.needsMore)) {
    const next = least(lists, order)?.take();
    if (next === undefined) return;
    // Where a figure changed between two reads of one list, a session may come twice.
    const { uid = '' } = next.session;
    if (!page.has(uid)) page.set(uid, next);
  }
}

/** One replica's list, read as far as the merge needs it. */
class ListReader {
  readonly source: ListSource;
  total = 0;
  /** True once it did not answer. */
  isLost = false;
  readonly #entryOf: (session: Session) => Entry;
  #buffer: Entry[] = [];
  #next: string | undefined;
  #size: number;
  readonly #most: number;

  constructor(source: ListSource, token: string, size: number, most: number, entryOf: (session: Session) => Entry) {
    this.#entryOf = entryOf;
    this.source = source;
    this.#next = token;
    this.#size = size;
    this.#most = most;
  }

  get head(): Entry | undefined {
    return this.#buffer[0];
  }

  /** True when its next session is not known and it may have one. */
  get needsMore(): boolean {
    return this.#buffer.length === 0 && this.#next !== undefined;
  }

  async read(): Promise<void> {
    const page = await this.source.page(this.#next ?? '', this.#size);
    this.isLost = page === undefined;
    this.#buffer = (page?.sessions ?? []).map(this.#entryOf);
    this.#next = page?.next_page_token || undefined;
    this.total = page?.total_size ?? this.total;
    this.#size = Math.min(2 * this.#size, this.#most);
  }

  take(): Entry | undefined {
    return this.#buffer.shift();
  }
}

function least(lists: readonly ListReader[], order: (a: Entry, b: Entry) => number): ListReader | undefined {
  let first: ListReader | undefined;
  for (const list of lists) {
    if (list.head === undefined) continue;
    if (first?.head === undefined || order(list.head, first.head) < 0) first = list;
  }
  return first;
}

function listed(session: Session): ListedSession {
  const { uid = '', meetup_id: meetupId = '', create_time: time } = session;
  const { seconds = 0, nanos = 0 } = time ?? {};
  const createdAt = Number(seconds) * 1e6 + Math.round(Number(nanos) / 1000);
  return { uid, meetupId, createdAt, figures: () => figuresIn(session) };
}

function figuresIn({ invocations, peers = [] }: Session): SessionFigures {
  const { in_flight: inFlight = 0, errors = 0, p99_latency: p99 } = invocations ?? {};
  return {
    inFlight: Number(inFlight),
    errors: Number(errors),
    latency: msOf(p99),
    backlog: peers.reduce((sum, { backlog_bytes: bytes = 0 }) => sum + Number(bytes), 0),
  };
}
