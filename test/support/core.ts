import type { Admission, Peer } from '../../proxy/session/peer.js';
import type { MessageObserver, Observer } from '../../proxy/session/ports.js';
import { Registry, type RegistryBounds } from '../../proxy/session/registry.js';
import type { Session } from '../../proxy/session/session.js';
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

/** The core with fakes around it; `events` is what an observer was told. */
export class Core {
  readonly clock = new FakeClock();
  readonly registry: Registry;
  readonly events: string[] = [];
  readonly #names = new Map<Peer, string>();

  constructor(bounds: Partial<RegistryBounds> = {}, messages?: MessageObserver) {
    this.registry = new Registry(this.clock, { ...BOUNDS, ...bounds }, this.#recorder(), messages);
    this.registry.start();
  }

  /** A connection that is accepted and says nothing yet. */
  connect(given: Partial<Admission> = {}, { alive = true } = {}): Client {
    const socket = new FakeSocket();
    socket.alive = alive;
    const peer = this.registry.admit(socket, admission(given));
    return { socket, peer, name: this.#nameOf(peer) };
  }

  /** A connection that is accepted and says HELLO. */
  join(given: Partial<Admission> = {}): Client {
    const client = this.connect(given);
    client.socket.receive(hello(client.name));
    return client;
  }

  /** Two clients that are joined; the events so far are forgotten, and so is what they were sent. */
  pair(given: Partial<Admission> = {}): [Client, Client] {
    const both: [Client, Client] = [this.join(given), this.join(given)];
    this.events.length = 0;
    for (const { socket } of both) socket.sent.length = 0;
    return both;
  }

  /** Ends what is left and stops; the timers that remain are leaks. */
  leaks(): { peers: number; sessions: number; greeting: number; paired: number; timers: number } {
    for (const peer of [...this.registry.peers]) peer.end('kicked');
    this.registry.stop();
    const { peers, sessions, greeting, paired } = this.registry;
    return { peers: peers.size, sessions: sessions.size, greeting, paired, timers: this.clock.timers };
  }

  #nameOf(peer: Peer): string {
    const name = this.#names.get(peer) ?? `p${this.#names.size + 1}`;
    this.#names.set(peer, name);
    return name;
  }

  #recorder(): Observer {
    const tell = (event: string): void => {
      this.events.push(event);
    };
    const where = (session: Session): string => `${session.meetupId} ${session.state.t}`;
    return {
      admitted: (peer) => tell(`admitted ${this.#nameOf(peer)}`),
      seated: (peer, session) => tell(`seated ${this.#nameOf(peer)} ${where(session)}`),
      paired: (session) => tell(`paired ${where(session)}`),
      ended: (peer, ending) => tell(`ended ${this.#nameOf(peer)} ${ending.label}`),
      finished: (session, ending) => tell(`finished ${where(session)} ${ending.label}`),
    };
  }
}

/** The state of a core in which nothing is left. */
export const EMPTY = { peers: 0, sessions: 0, greeting: 0, paired: 0, timers: 0 };
