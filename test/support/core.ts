import type { Admission } from '../../proxy/session/life/admission.js';
import type { MessageObserver } from '../../proxy/session/life/message-observer.js';
import type { Peer } from '../../proxy/session/life/peer.js';
import type { Room } from '../../proxy/session/life/seats.js';
import type { Registry, RegistryBounds } from '../../proxy/session/registry.js';
import type { Standstill } from '../../proxy/session/standstill.js';
import type { Steering } from '../../proxy/session/steering.js';
import type { EventReader, Events } from '../../proxy/session/views/events.js';
import type { Overview } from '../../proxy/session/views/overview.js';
import type { Present } from '../../proxy/session/views/present.js';
import type { SessionView } from '../../proxy/session/views/view.js';
import { coreOf, NO_ROOM } from './core-parts.js';
import { FakeClock } from './fake-clock.js';
import { FakeSocket } from './fake-socket.js';
import { admission, hello } from './fixtures.js';

/** The bounds of the deployed protocol, small marks. */
export const BOUNDS: RegistryBounds = {
  helloTimeout: 10_000,
  helloMaxBytes: 16_384,
  pingInterval: 10_000,
  pingTimeout: 10_000,
  stallTimeout: 30_000,
  messageTimeout: 300_000,
  probeTimeout: 2_000,
  maxSessions: 100,
  waitTimeout: 0,
  highMark: 1_000,
  lowMark: 200,
};

/** A client of the core: its connection and the peer that the core made of it. */
export interface Client {
  readonly socket: FakeSocket;
  readonly peer: Peer;
  /** Name of the peer in the events: `p1`, `p2`, … in order of admission. */
  readonly name: string;
}

interface ConnectOptions {
  /** Whether it answers pings. */
  readonly alive?: boolean;
  readonly room?: Room;
}

/** The core with fakes around it; `events` are the events that an observer got. */
export class Core {
  readonly clock = new FakeClock();
  readonly registry: Registry;
  readonly present: Present;
  readonly steering: Steering;
  readonly standstill: Standstill;
  readonly overview: Overview;
  readonly stream: Events;
  readonly events: string[] = [];
  /** Whether the replica may make pairs. */
  mayPair = true;
  readonly #names = new Map<string, string>();

  constructor(bounds: Partial<RegistryBounds> = {}, messages?: MessageObserver) {
    const readers = [this.#recorder()];
    const core = coreOf({ clock: this.clock, bounds: { ...BOUNDS, ...bounds }, readers, messages, locator: this });
    this.registry = core.registry;
    this.present = core.present;
    this.steering = core.steering;
    this.standstill = core.standstill;
    this.overview = core.overview;
    this.stream = core.events;
    this.registry.start();
  }

  /** A connection that is accepted and says nothing yet. */
  connect(given: Partial<Admission> = {}, { alive = true, room = NO_ROOM }: ConnectOptions = {}): Client {
    const socket = new FakeSocket();
    socket.alive = alive;
    const peer = this.registry.admit(socket, admission(given), room);
    return { socket, peer, name: this.#nameOf(peer.uid) };
  }

  /** A connection that is accepted and says HELLO. */
  join(given: Partial<Admission> = {}): Client {
    const client = this.connect(given);
    client.socket.receive(hello(client.name));
    return client;
  }

  /** Two clients that are joined; the events so far and the messages sent to them are forgotten. */
  pair(given: Partial<Admission> = {}): [Client, Client] {
    const both: [Client, Client] = [this.join(given), this.join(given)];
    this.events.length = 0;
    for (const { socket } of both) socket.sent.length = 0;
    return both;
  }

  /** Ends all connections and stops; timers that remain are leaks. */
  leaks(): { peers: number; sessions: number; greeting: number; paired: number; timers: number } {
    for (const peer of [...this.present.peers]) peer.end('kicked');
    this.registry.stop();
    const { connections, greeting, waiting, paired } = this.present.counts;
    return { peers: connections, sessions: waiting + paired, greeting, paired, timers: this.clock.timers };
  }

  #nameOf(uid: string): string {
    const name = this.#names.get(uid) ?? `p${this.#names.size + 1}`;
    this.#names.set(uid, name);
    return name;
  }

  #recorder(): EventReader {
    const tell = (event: string): void => {
      this.events.push(event);
    };
    const where = ({ meetupId, state }: SessionView): string => `${meetupId} ${state}`;
    return {
      admitted: (peer) => tell(`admitted ${this.#nameOf(peer.uid)}`),
      seated: (peer, session) => tell(`seated ${this.#nameOf(peer.uid)} ${where(session)}`),
      paired: (session) => tell(`paired ${where(session)}`),
      ended: (peer, ending) => tell(`ended ${this.#nameOf(peer.uid)} ${ending.label}`),
      finished: (session, ending) => tell(`finished ${where(session)} ${ending.label}`),
    };
  }
}

/** The state of a core in which nothing is left. */
export const EMPTY = { peers: 0, sessions: 0, greeting: 0, paired: 0, timers: 0 };
