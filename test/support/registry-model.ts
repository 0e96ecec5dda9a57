import { expect } from 'chai';
import type fc from 'fast-check';
import type { Role } from '../../proxy/policy/rules/decision.js';
import type { Client, Core } from './core.js';
import { hello, identity } from './fixtures.js';

export const MEETUPS = ['a', 'b', 'c'];
const IDENTITIES = [identity(), identity(), identity()];
export const MAX_SESSIONS = 2;

/** The expected state: the peers at each meetup id, and the peers that owe a HELLO. */
export interface Model {
  readonly sitting: Map<string, Client[]>;
  readonly greeting: Set<Client>;
}

export interface Real {
  readonly core: Core;
  readonly clients: Client[];
}

export type Command = fc.Command<Model, Real>;

/** A live client, chosen by any number; undefined when there is none. */
function pick(real: Real, from: Iterable<Client>, at: number): Client | undefined {
  const some = new Set(from);
  const ordered = real.clients.filter((client) => some.has(client));
  return ordered[at % ordered.length];
}

export function seated(model: Model): Client[] {
  return [...model.sitting.values()].flat();
}

/** A peer goes: its meetup is empty, and the other peer was told. */
export function gone(model: Model, client: Client, told: number | undefined): void {
  model.greeting.delete(client);
  const { meetupId } = client.peer.admission;
  const both = model.sitting.get(meetupId);
  if (both?.includes(client) !== true) return;
  model.sitting.delete(meetupId);
  const other = both.find((one) => one !== client);
  if (told !== undefined) expect(other?.socket.closedWith?.code ?? told).to.equal(told);
}

export class Connect implements Command {
  readonly meetupId: string;
  readonly role: Role;
  readonly who: number;

  constructor(meetupId: string, role: Role, who: number) {
    this.meetupId = meetupId;
    this.role = role;
    this.who = who;
  }

  check = (): boolean => true;

  run(model: Model, real: Real): void {
    const { meetupId, role } = this;
    const client = real.core.connect({ meetupId, role, identity: IDENTITIES[this.who] ?? identity() });
    real.clients.push(client);
    model.greeting.add(client);
    check(model, real);
  }

  toString = (): string => `connect ${this.meetupId} ${this.role} #${this.who}`;
}

export class Greet implements Command {
  readonly at: number;
  readonly valid: boolean;

  constructor(at: number, valid: boolean) {
    this.at = at;
    this.valid = valid;
  }

  check = (model: Model): boolean => model.greeting.size > 0;

  run(model: Model, real: Real): void {
    const client = pick(real, model.greeting, this.at);
    if (client === undefined) return;
    model.greeting.delete(client);
    client.socket.receive(this.valid ? hello(client.name) : 'no hello');
    const expected = this.valid ? this.#seat(model, real, client) : 4400;
    expect(client.socket.closedWith?.code).to.equal(expected);
    check(model, real);
  }

  /** Seats the client in the model, or returns the code with which it is refused. */
  #seat(model: Model, { core }: Real, client: Client): number | undefined {
    const { meetupId, role } = client.peer.admission;
    const there = model.sitting.get(meetupId);
    if (there === undefined && model.sitting.size === MAX_SESSIONS) return 4503;
    if (there === undefined) {
      model.sitting.set(meetupId, [client]);
      return undefined;
    }
    const [first] = there;
    if (there.length === 2) return 4409;
    if (role !== 'any' && role === first?.peer.admission.role) return 4412;
    if (!core.mayPair) return 1012;
    there.push(client);
    expect(first?.socket.texts).to.deep.equal([hello(client.name)]);
    expect(client.socket.texts).to.deep.equal([hello(first?.name)]);
    return undefined;
  }

  toString = (): string => `greet ${this.at} ${this.valid}`;
}

export class Say implements Command {
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  check = (model: Model): boolean => model.sitting.size > 0;

  run(model: Model, real: Real): void {
    const client = pick(real, seated(model), this.at);
    const both = client && model.sitting.get(client.peer.admission.meetupId);
    if (client === undefined || both === undefined) return;
    const before = new Map(real.clients.map((one) => [one, one.socket.sent.length]));
    client.socket.receive(`from ${client.name}`);
    const other = both.find((one) => one !== client);
    if (other === undefined) gone(model, client, undefined);
    else expect(other.socket.texts.at(-1)).to.equal(`from ${client.name}`);
    for (const one of real.clients) {
      expect(one.socket.sent.length - (before.get(one) ?? 0), one.name).to.equal(one === other ? 1 : 0);
    }
    check(model, real);
  }

  toString = (): string => `say ${this.at}`;
}

export class Leave implements Command {
  readonly at: number;
  readonly how: 'leaves' | 'is kicked' | 'session is kicked';

  constructor(at: number, how: 'leaves' | 'is kicked' | 'session is kicked') {
    this.at = at;
    this.how = how;
  }

  check = (model: Model): boolean => model.greeting.size + model.sitting.size > 0;

  run(model: Model, real: Real): void {
    const client = pick(real, [...model.greeting, ...seated(model)], this.at);
    if (client === undefined) return;
    const { session } = client.peer;
    if (this.how === 'leaves') client.socket.gone();
    else if (this.how === 'session is kicked' && session !== undefined)
      real.core.steering.end({ t: 'session', uid: session.uid }, { label: 'kicked' });
    else client.peer.end('kicked');
    gone(model, client, this.how === 'session is kicked' ? 4410 : 1002);
    check(model, real);
  }

  toString = (): string => `${this.at} ${this.how}`;
}

export class Die implements Command {
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  check = (model: Model): boolean => model.sitting.size > 0;

  run(model: Model, real: Real): void {
    const client = pick(real, seated(model), this.at);
    if (client !== undefined) client.socket.alive = false;
    check(model, real);
  }

  toString = (): string => `die ${this.at}`;
}

export class Contest implements Command {
  readonly meetupId: string;

  constructor(meetupId: string) {
    this.meetupId = meetupId;
  }

  check = (): boolean => true;

  run(model: Model, real: Real): void {
    void real.core.registry.contest({ identity: identity(), meetupId: this.meetupId, role: 'any' });
    check(model, real);
  }

  toString = (): string => `contest ${this.meetupId}`;
}

export class Tick implements Command {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  check = (): boolean => true;

  run(model: Model, real: Real): void {
    real.core.clock.advance(this.ms);
    // Time ends peers that did not say HELLO or do not answer. The model says which peers may end, and follows.
    for (const client of [...model.greeting, ...seated(model)]) {
      const { state } = client.peer;
      if (state.t !== 'ended') continue;
      const dead = !client.socket.alive || model.greeting.has(client);
      if (!dead) expect(state.ending.label, client.name).to.equal('peer_disconnected');
    }
    for (const client of [...model.greeting, ...seated(model)]) {
      if (client.peer.state.t === 'ended') gone(model, client, undefined);
    }
    check(model, real);
  }

  toString = (): string => `tick ${this.ms}`;
}

/** Checks after every step that the tables are the model's, and that the counts are those of the tables. */
export function check(model: Model, { core, clients }: Real): void {
  const { present, overview } = core;
  const { counts, sessions } = present;
  expect(counts.greeting).to.equal(model.greeting.size);
  expect([...sessions.keys()].sort()).to.deep.equal([...model.sitting.keys()].sort());
  for (const [meetupId, sitting] of model.sitting) {
    const session = sessions.get(meetupId);
    expect(session?.peers, meetupId).to.deep.equal(sitting.map(({ peer }) => peer));
    expect(session?.state.t, meetupId).to.equal(sitting.length === 2 ? 'paired' : 'waiting');
    expect(session && present.session(session.uid), meetupId).to.equal(session);
  }
  expect(counts.paired).to.equal([...model.sitting.values()].filter(({ length }) => length === 2).length);
  expect(counts.waiting + counts.paired).to.equal(sessions.size);
  const living = new Set([...model.greeting, ...seated(model)]);
  expect(counts.connections).to.equal(living.size);
  expect([...present.peers].map(({ uid }) => present.peer(uid)?.uid)).to.have.members(
    [...living].map(({ peer }) => peer.uid),
  );
  const { greeting, waiting, paired } = present.load().standing;
  expect([greeting, waiting, paired]).to.deep.equal([counts.greeting, counts.waiting, 2 * counts.paired]);
  expect([...overview.sessions()].map(({ uid }) => uid)).to.deep.equal([...sessions.values()].map(({ uid }) => uid));
  for (const client of clients) {
    const hasEnded = !living.has(client);
    expect(client.peer.state.t === 'ended', client.name).to.equal(hasEnded);
    expect(overview.peer(client.peer.uid) === undefined, client.name).to.equal(hasEnded);
  }
}
