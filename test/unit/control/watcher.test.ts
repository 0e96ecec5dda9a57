import { expect } from 'chai';
import fc from 'fast-check';
import { type Filter, readFilter } from '../../../proxy/control/filter.js';
import { CONTROL_LIMITS } from '../../../proxy/control/limits.js';
import { SessionFeed } from '../../../proxy/control/session-feed.js';
import { Watcher } from '../../../proxy/control/watcher.js';
import type { Peer } from '../../../proxy/session/peer.js';
import { Registry } from '../../../proxy/session/registry.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { admission, hello } from '../../support/fixtures.js';

const QUIET = { inFlight: 0, completed: 0, errors: 0, answered: 0, latencyTotal: 0, latencyMax: 0 };
const BOUNDS = {
  helloTimeout: 60_000,
  helloMaxBytes: 65_536,
  pingInterval: 60_000,
  pingTimeout: 60_000,
  stallTimeout: 60_000,
  highMark: 1000,
  lowMark: 500,
  probeTimeout: 2000,
  maxSessions: 1000,
  waitTimeout: 0,
};

/** The registry as it is: uid and state of each session that matches. */
type Truth = ReadonlyMap<string, string>;

/** The real registry, and watchers that know it only by what they are told. */
class Model {
  readonly feed: SessionFeed;
  readonly registry: Registry;
  readonly watchers: Watching[] = [];

  constructor(changes = CONTROL_LIMITS.changes) {
    const clock = new FakeClock();
    this.feed = new SessionFeed({ of: () => QUIET }, clock, 'r', { ...CONTROL_LIMITS, changes });
    this.registry = new Registry(clock, BOUNDS, this.feed.observer, this.feed.messages);
  }

  truth(filterText: string): Truth {
    const states: [string, string][] = [];
    for (const session of this.registry.sessions.values()) {
      const isPaired = session.state.t === 'paired';
      if (filterText === '' || (filterText === 'state = PAIRED' && isPaired) || matchesPrefix(filterText, session)) {
        states.push([session.uid, isPaired ? 'PAIRED' : 'WAITING']);
      }
    }
    return new Map(states);
  }

  watch(filterText: string): void {
    this.watchers.push(new Watching(this, filterText));
  }

  join(meetupId: string): void {
    const socket = new FakeSocket();
    this.registry.admit(socket, admission({ meetupId }));
    socket.receive(hello());
  }

  peer(choice: number): Peer | undefined {
    const peers = [...this.registry.peers];
    return peers[choice % peers.length];
  }
}

function matchesPrefix(filterText: string, { meetupId }: { readonly meetupId: string }): boolean {
  return filterText === 'meetup_id = "sub/1*"' && meetupId.startsWith('sub/1');
}

/** One watcher and the view that its client would have. */
class Watching {
  readonly filterText: string;
  readonly view = new Map<string, string>();
  hasSnapshot = false;
  readonly #model: Model;
  #watcher: Watcher;

  constructor(model: Model, filterText: string) {
    this.#model = model;
    this.filterText = filterText;
    this.#watcher = this.#start();
  }

  /** Takes so many events; false once it has been told to start over, which it does. */
  take(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const event = this.#watcher.next();
      if (event === 'none') return;
      if (event === 'lost') this.#startOver();
      else if (event.t === 'snapshot_done') this.hasSnapshot = true;
      else this.#apply(event.t, event.view.uid, event.view.state);
    }
  }

  /** Drops the stream and goes on by its resume token. */
  resume(): void {
    const { revision } = this.#watcher;
    if (revision === undefined) this.#startOver();
    else this.#watcher = Watcher.after(this.#model.feed.log, revision, this.#filter());
  }

  #startOver(): void {
    this.view.clear();
    this.hasSnapshot = false;
    this.#watcher = this.#start();
  }

  #start(): Watcher {
    return Watcher.fromNow(this.#model.feed.log, this.#model.feed.index.views(), this.#filter());
  }

  #filter(): Filter {
    const reading = readFilter(this.filterText, 'r');
    if ('fault' in reading) throw new Error(reading.fault);
    return reading.ok;
  }

  /** A client may be strict: nothing is added twice, nothing unknown changes or goes. */
  #apply(t: 'added' | 'changed' | 'removed', uid: string, state: string): void {
    expect(this.view.has(uid), `${t} ${uid}`).to.equal(t !== 'added');
    if (t === 'removed') this.view.delete(uid);
    else this.view.set(uid, state);
  }
}

const meetup = fc.constantFrom('sub/1', 'sub/10', 'sub/2', 'gw/3');
const filter = fc.constantFrom('', 'state = PAIRED', 'meetup_id = "sub/1*"');

type Step = (model: Model) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: meetup.map(
      (id): Step =>
        (model) =>
          model.join(id),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(99).map(
      (n): Step =>
        (model) =>
          void model.peer(n)?.socket.terminate(),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(99).map(
      (n): Step =>
        (model) =>
          void (model.peer(n)?.socket as FakeSocket)?.gone(),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(99).map(
      (n): Step =>
        (model) =>
          void model.peer(n)?.end('kicked', 'test'),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(99).map(
      (n): Step =>
        (model) => {
          const session = model.peer(n)?.session;
          if (session !== undefined) model.registry.close(session, 'kicked', 'test');
        },
    ),
  },
  {
    weight: 1,
    arbitrary: filter.map(
      (text): Step =>
        (model) =>
          model.watch(text),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(9), fc.nat(5)).map(
      ([n, count]): Step =>
        (model) =>
          model.watchers[n]?.take(count),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(9).map(
      (n): Step =>
        (model) =>
          model.watchers[n]?.resume(),
    ),
  },
);

describe('watcher', () => {
  it('gives every watcher that has caught up the truth, after any joins, leaves and kicks', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const model = new Model();
        for (const text of ['', 'state = PAIRED', 'meetup_id = "sub/1*"']) model.watch(text);
        for (const one of steps) {
          one(model);
          for (const watching of model.watchers.slice(0, 3)) {
            watching.take(Number.MAX_SAFE_INTEGER);
            expect(watching.view).to.deep.equal(model.truth(watching.filterText));
          }
        }
        for (const watching of model.watchers) {
          watching.take(Number.MAX_SAFE_INTEGER);
          expect(watching.hasSnapshot).to.equal(true);
          expect(watching.view).to.deep.equal(model.truth(watching.filterText));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('tells one that the log has left behind to start over, and keeps no more than the log holds', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 150, size: 'max' }), (steps) => {
        const model = new Model(8);
        model.watch('');
        for (const one of steps) one(model);
        for (const watching of model.watchers) {
          watching.take(Number.MAX_SAFE_INTEGER);
          expect(watching.view).to.deep.equal(model.truth(watching.filterText));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('shows a snapshot as of its moment, however late it is taken', () => {
    const model = new Model();
    model.join('sub/1');
    model.watch('');
    model.join('sub/1');
    const [watching] = model.watchers;
    watching?.take(1);
    expect([...(watching?.view.values() ?? [])]).to.deep.equal(['WAITING']);
    watching?.take(9);
    expect([...(watching?.view.values() ?? [])]).to.deep.equal(['PAIRED']);
  });
});
