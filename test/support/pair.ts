import type { Admission } from '../../proxy/session/life/admission.js';
import type { Peer } from '../../proxy/session/life/peer.js';
import type { Session } from '../../proxy/session/life/session.js';
import type { Registry } from '../../proxy/session/registry.js';
import type { Steering } from '../../proxy/session/steering.js';
import type { Overview } from '../../proxy/session/views/overview.js';
import type { Present } from '../../proxy/session/views/present.js';
import { type CoreNeeds, coreOf, NO_ROOM } from './core-parts.js';
import { FakeClock } from './fake-clock.js';
import { FakeSocket } from './fake-socket.js';
import { admission, hello } from './fixtures.js';

/** Two peers on fake sockets, paired at a meetup. */
export interface Pair {
  readonly manager: FakeSocket;
  readonly gateway: FakeSocket;
  readonly peers: readonly [Peer, Peer];
  readonly session: Session;
}

const BOUNDS = {
  helloTimeout: 1000,
  helloMaxBytes: 4096,
  pingInterval: 10_000,
  pingTimeout: 10_000,
  stallTimeout: 30_000,
  messageTimeout: 3_600_000,
  probeTimeout: 2000,
  maxSessions: 10_000,
  waitTimeout: 0,
  highMark: 1_000_000,
  lowMark: 100_000,
};

type MeetingNeeds = Omit<CoreNeeds, 'clock' | 'bounds'> & { readonly clock?: FakeClock };

/** A registry on a fake clock in which pairs can meet. */
export class Meeting {
  readonly clock: FakeClock;
  readonly registry: Registry;
  readonly present: Present;
  readonly steering: Steering;
  readonly overview: Overview;
  #count = 0;

  constructor({ clock = new FakeClock(), ...needs }: MeetingNeeds = {}) {
    this.clock = clock;
    const core = coreOf({ ...needs, clock, bounds: BOUNDS });
    this.registry = core.registry;
    this.present = core.present;
    this.steering = core.steering;
    this.overview = core.overview;
  }

  /** Admits one peer, which has not said HELLO. */
  admit(given: Partial<Admission> = {}): { socket: FakeSocket; peer: Peer } {
    const socket = new FakeSocket();
    return { socket, peer: this.registry.admit(socket, admission(given), NO_ROOM) };
  }

  /** A manager and a gateway meet; then each forgets the messages that it got. */
  pair(manager: Partial<Admission> = {}, gateway: Partial<Admission> = {}): Pair {
    this.#count += 1;
    const meetupId = `sub/${this.#count}`;
    const one = this.admit({ meetupId, role: 'manager', ...manager });
    const two = this.admit({ meetupId, role: 'gateway', ...gateway });
    one.socket.receive(hello('manager 1'));
    two.socket.receive(hello('gw service 1'));
    one.socket.sent.length = 0;
    two.socket.sent.length = 0;
    const { session } = one.peer;
    if (session === undefined) throw new Error('the peers did not meet');
    return { manager: one.socket, gateway: two.socket, peers: [one.peer, two.peer], session };
  }
}

/** A REST:REQUEST; the fields given are added to the usual fields or replace them. */
export function request(messageId: unknown, given: Record<string, unknown> = {}): string {
  const message = {
    messageId,
    messageType: 'REST:REQUEST',
    requiresResponse: true,
    method: 'GET',
    path: '/v1/x',
    ...given,
  };
  return JSON.stringify({ message });
}

/** A REST:RESPONSE to the request of that id. */
export function response(
  inResponseTo: unknown,
  statusCode: unknown = 200,
  given: Record<string, unknown> = {},
): string {
  const usual = { messageId: 1, messageType: 'REST:RESPONSE', requiresResponse: false, inResponseTo, statusCode };
  return JSON.stringify({ message: { ...usual, reasonPhrase: null, ...given } });
}
