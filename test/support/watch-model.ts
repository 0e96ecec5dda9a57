import { expect } from 'chai';
import { Watcher } from '../../proxy/control/calls/watcher.js';
import { type Filter, readFilter } from '../../proxy/control/filter/filter.js';
import { CONTROL_LIMITS } from '../../proxy/control/limits.js';
import { SessionFeed } from '../../proxy/control/session-feed.js';
import type { Peer } from '../../proxy/session/life/peer.js';
import { BOUNDS } from './core.js';
import { type CoreParts, coreOf, NO_ROOM } from './core-parts.js';
import { FakeClock } from './fake-clock.js';
import { FakeSocket } from './fake-socket.js';
import { admission, hello } from './fixtures.js';

/** The registry as it is: uid and state of each session that matches. */
type Truth = ReadonlyMap<string, string>;

/** The real registry, and watchers that know it only by the events they get. */
export class WatchModel {
  feed: SessionFeed;
  readonly core: CoreParts;
  readonly watchers: WatchClient[] = [];
  readonly #clock = new FakeClock();
  readonly #changes: number;

  constructor(changes = CONTROL_LIMITS.changes) {
    this.#changes = changes;
    this.core = coreOf({ clock: this.#clock, bounds: BOUNDS });
    this.feed = this.#newFeed();
  }

  /** Restarts the control API's feed while sessions live. */
  startFeed(): void {
    this.feed.close();
    this.feed = this.#newFeed();
  }

  truth(filterText: string): Truth {
    const states: [string, string][] = [];
    for (const session of this.core.present.sessions.values()) {
      const isPaired = session.state.t === 'paired';
      if (filterText === '' || (filterText === 'state = PAIRED' && isPaired) || matchesPrefix(filterText, session)) {
        states.push([session.uid, isPaired ? 'paired' : 'waiting']);
      }
    }
    return new Map(states);
  }

  watch(filterText: string): void {
    this.watchers.push(new WatchClient(this, filterText));
  }

  join(meetupId: string): void {
    const socket = new FakeSocket();
    this.core.registry.admit(socket, admission({ meetupId }), NO_ROOM);
    socket.receive(hello());
  }

  peer(choice: number): Peer | undefined {
    const peers = [...this.core.present.peers];
    return peers[choice % peers.length];
  }

  #newFeed(): SessionFeed {
    const { overview, events } = this.core;
    return new SessionFeed(overview, events, this.#clock, 'r', { ...CONTROL_LIMITS, changes: this.#changes });
  }
}

function matchesPrefix(filterText: string, { meetupId }: { readonly meetupId: string }): boolean {
  return filterText === 'meetup_id = "sub/1*"' && meetupId.startsWith('sub/1');
}

/** One watcher, and the view that a client of it would have. */
export class WatchClient {
  readonly filterText: string;
  readonly view = new Map<string, string>();
  hasSnapshot = false;
  readonly #model: WatchModel;
  #watcher: Watcher;

  constructor(model: WatchModel, filterText: string) {
    this.#model = model;
    this.filterText = filterText;
    this.#watcher = this.#start();
  }

  /** Takes that many events, and starts over when the watcher was told to. */
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
    else this.#watcher = Watcher.after(this.#model.feed.history, revision, this.#filter());
  }

  #startOver(): void {
    this.view.clear();
    this.hasSnapshot = false;
    this.#watcher = this.#start();
  }

  #start(): Watcher {
    return Watcher.fromNow(this.#model.feed.history, this.#filter());
  }

  #filter(): Filter {
    const reading = readFilter(this.filterText, 'r');
    if ('fault' in reading) throw new Error(reading.fault);
    return reading.ok;
  }

  /** Checks as a strict client would: no session is added twice, and no unknown session changes or goes. */
  #apply(t: 'added' | 'changed' | 'removed', uid: string, state: string): void {
    expect(this.view.has(uid), `${t} ${uid}`).to.equal(t !== 'added');
    if (t === 'removed') this.view.delete(uid);
    else this.view.set(uid, state);
  }
}
