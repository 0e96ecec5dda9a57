import { expect } from 'chai';
import fc from 'fast-check';
import { cutPage } from '../../../../proxy/control/calls/list-page.js';
import { sessionQuestion } from '../../../../proxy/control/calls/list-sessions.js';
import { type ListSource, type MergedPage, mergedPage } from '../../../../proxy/control/fleet/list-merge.js';
import { duration, timestamp } from '../../../../proxy/control/rpc/times.js';
import { sessionOrder } from '../../../../proxy/control/sessions/session-order.js';

/** A session that lives on one replica, as far as lists look at it. */
interface Living {
  readonly uid: string;
  readonly meetupId: string;
  /** Microseconds since the epoch. */
  readonly createdAt: number;
  readonly errors: number;
  /** Milliseconds. */
  readonly latency: number;
  readonly backlog: number;
}

const ORDERS = ['', 'create_time desc', 'meetup_id', 'meetup_id desc', 'age', 'errors desc', 'latency desc', 'backlog'];
/** A whole number of microseconds, in milliseconds. */
const microseconds = (count: number): number => count / 1000;
const living: fc.Arbitrary<Living> = fc.record({
  uid: fc.uuid(),
  meetupId: fc.constantFrom('a', 'b', 'c', 'sub/é', '\u{1f600}'),
  createdAt: fc.integer({ min: 0, max: 3000 }).map((microseconds) => 1_767_225_600_000_000 + microseconds),
  errors: fc.nat(2),
  latency: fc.oneof(fc.constantFrom(0, 51_200), fc.integer({ min: 100, max: 300_000_000 })).map(microseconds),
  backlog: fc.constantFrom(0, 1, 4096),
});

const QUIET = { meetupId: 'm', errors: 0, latency: 0, backlog: 0 } as const;

/** A replica's own list, as ListSessions cuts it. */
class OwnList implements ListSource {
  readonly replica: string;
  sessions: Living[];
  asked = 0;
  isSilent = false;
  readonly #order: string;

  constructor(replica: string, sessions: readonly Living[], order: string) {
    this.replica = replica;
    this.sessions = [...sessions];
    this.#order = order;
  }

  async page(token: string, size: number): ReturnType<ListSource['page']> {
    if (this.isSilent) return undefined;
    const { position, descending } = sessionOrder(this.#order);
    const question = sessionQuestion({ filter: '', order_by: this.#order });
    const listed = (one: Living) => position({ ...one, figures: () => ({ ...one, inFlight: 0 }) });
    const cut = cutPage({ items: this.sessions, position: listed, descending, question }, size, token);
    this.asked += size;
    return {
      sessions: cut.items.map(({ uid, meetupId: meetup_id, createdAt, errors, latency, backlog }) => ({
        uid,
        meetup_id,
        create_time: timestamp(createdAt / 1000),
        invocations: { errors: String(errors), p99_latency: latency === 0 ? null : duration(latency) },
        peers: [{ backlog_bytes: backlog }, { backlog_bytes: 0 }],
      })),
      next_page_token: cut.nextPageToken,
      total_size: cut.totalSize,
    };
  }
}

function pageOf(lists: readonly OwnList[], order: string, size: number, token: string): Promise<MergedPage> {
  return mergedPage(lists, { page_size: size, page_token: token, filter: '', order_by: order });
}

/** Every page, with what happens between two of them. */
async function pages(
  lists: readonly OwnList[],
  order: string,
  size: number,
  between: (page: number) => void = () => {},
): Promise<string[][]> {
  const all: string[][] = [];
  let token = '';
  do {
    const page = await pageOf(lists, order, size, token);
    all.push(page.sessions.map(({ uid = '' }) => uid));
    token = page.nextPageToken;
    between(all.length);
  } while (token !== '');
  return all;
}

/** Deals sessions out over replicas by numbers. */
function dealt(sessions: readonly Living[], seats: readonly number[], replicas: number, order: string): OwnList[] {
  return Array.from({ length: replicas }, (_, at) => {
    const own = sessions.filter((_session, n) => (seats[n] ?? 0) % replicas === at);
    return new OwnList(`r${at}`, own, order);
  });
}

/** One session comes to a replica's list, and where asked for, its first one goes. */
function churn(list: OwnList, come: OwnList | undefined, stays: Set<string>, goes: boolean): void {
  const [newcomer] = come?.sessions.splice(0, 1) ?? [];
  if (newcomer !== undefined && !stays.has(newcomer.uid)) list.sessions.push(newcomer);
  const [gone] = goes ? list.sessions.splice(0, 1) : [];
  if (gone !== undefined) stays.delete(gone.uid);
}

const distinct = fc.uniqueArray(living, { selector: ({ uid }) => uid, maxLength: 60 });
const seats = fc.array(fc.nat(99), { minLength: 60, maxLength: 60 });

describe('the list of a fleet', () => {
  it('is the same in every page, however the sessions are spread over replicas', async () => {
    await fc.assert(
      fc.asyncProperty(
        distinct,
        seats,
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(...ORDERS),
        fc.integer({ min: 1, max: 20 }),
        async (sessions, places, replicas, order, size) => {
          const alone = await pages([new OwnList('r', sessions, order)], order, size);
          expect(await pages(dealt(sessions, places, replicas, order), order, size)).to.deep.equal(alone);
        },
      ),
    );
  });

  it('shows each session that stays exactly once while others come and go', async () => {
    await fc.assert(
      fc.asyncProperty(
        distinct,
        distinct,
        seats,
        fc.constantFrom(...ORDERS),
        fc.integer({ min: 1, max: 9 }),
        async (first, second, places, order, size) => {
          const lists = dealt(first, places, 3, order);
          const come = dealt(second, places, 3, order);
          const stays = new Set(first.map(({ uid }) => uid));
          const seen = await pages(lists, order, size, (page) => {
            for (const [at, list] of lists.entries()) churn(list, come[at], stays, page % 2 === 1);
          });
          const all = seen.flat();
          expect(new Set(all).size).to.equal(all.length);
          expect([...stays].filter((uid) => !all.includes(uid))).to.deep.equal([]);
        },
      ),
    );
  });

  it('shows no session twice in a page where its figure changes between two reads of its list', async () => {
    const many = Array.from({ length: 40 }, (_, n) => ({ ...QUIET, uid: `a${n + 10}`, createdAt: n, errors: 100 - n }));
    const [first, second] = [new OwnList('r1', many, 'errors desc'), new OwnList('r2', [], 'errors desc')];
    const changing: ListSource = {
      replica: 'r1',
      page: async (token, size) => {
        const answer = await first.page(token, size);
        first.sessions = first.sessions.map((one) => (one.uid === 'a10' ? { ...one, errors: 0 } : one));
        return answer;
      },
    };
    const question = { page_size: 50, page_token: '', filter: '', order_by: 'errors desc' };
    const page = await mergedPage([changing, second], question);
    const uids = page.sessions.map(({ uid }) => uid);
    expect(uids).to.have.length(40);
    expect(new Set(uids).size).to.equal(40);
  });

  it('sums what matches, and names who does not answer', async () => {
    const lists = ['r1', 'r2', 'r3'].map((name, at) => new OwnList(name, [{ ...QUIET, uid: name, createdAt: at }], ''));
    const [, silent] = lists;
    if (silent !== undefined) silent.isSilent = true;
    const page = await pageOf(lists, '', 10, '');
    expect(page.sessions.map(({ uid }) => uid)).to.deep.equal(['r1', 'r3']);
    expect(page).to.deep.include({ totalSize: 2, unreachable: ['r2'], nextPageToken: '' });
  });

  it('names a replica that stops answering in the middle of a page, and goes on with the others', async () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ ...QUIET, uid: `a${n + 10}`, createdAt: n }));
    const late = Array.from({ length: 30 }, (_, n) => ({ ...QUIET, uid: `b${n + 10}`, createdAt: 1000 + n }));
    const [first, second] = [new OwnList('r1', many, ''), new OwnList('r2', late, '')];
    const silenced: ListSource = {
      replica: 'r1',
      page: (token, size) => {
        const answer = first.page(token, size);
        first.isSilent = true;
        return answer;
      },
    };
    const page = await mergedPage([silenced, second], { page_size: 40, page_token: '', filter: '', order_by: '' });
    expect(page.unreachable).to.deep.equal(['r1']);
    expect(page.sessions.slice(0, 28).every(({ uid = '' }) => uid.startsWith('a'))).to.equal(true);
    expect(page.sessions.slice(28).every(({ uid = '' }) => uid.startsWith('b'))).to.equal(true);
  });

  it('asks a hundred replicas for little more than a page', async () => {
    const sessions = Array.from({ length: 5000 }, (_, n) => ({ ...QUIET, uid: `${n}`, createdAt: n }));
    const places = sessions.map((_, n) => n);
    const lists = dealt(sessions, places, 100, '');
    const page = await pageOf(lists, '', 500, '');
    expect(page.sessions).to.have.length(500);
    expect(lists.reduce((sum, { asked }) => sum + asked, 0)).to.be.below(3 * 500);
    // All of them on one replica: it is asked again, for more each time.
    const uneven = dealt(sessions, [], 100, '');
    expect((await pageOf(uneven, '', 500, '')).sessions).to.have.length(500);
  });
});
