import type { Clock } from '../../ports/clock.js';
import type { Fleet, Member } from '../../ports/fleet.js';
import type { MutualTls } from '../../transport/mutual-tls.js';
import type { Roster } from './replica.js';
import { ReplicaClient } from './replica-client.js';

/** Most replicas that are asked; those above it are named as not asked. */
export const MAX_REPLICAS = 256;

/** Addresses that no other machine can have. */
const ON_THIS_MACHINE = /^(?:unix:|127\.\d+\.\d+\.\d+:|\[::1\]:|localhost:)/;

/** Age up to which the last roster will do for those who look again and again, milliseconds. */
const ROSTER_AGE = 1_000;

/** A client, and what it was made with: with other material another one is made. */
interface Held {
  readonly client: ReplicaClient;
  readonly address: string;
  readonly tls: MutualTls | undefined;
}

/** The clients of all replicas, this one included: one for each run, closed when the run is no longer among the living. */
export class ReplicaClients {
  readonly #fleet: Fleet;
  readonly #tls: () => MutualTls | undefined;
  readonly #held = new Map<string, Held>();
  readonly #clock: Pick<Clock, 'steady'>;
  #last: { readonly roster: Promise<Roster>; readonly at: number } | undefined;
  #own: string | undefined;
  #isClosed = false;

  /** @param tls the present material for replicas over TCP; another object after it was renewed */
  constructor(fleet: Fleet, tls: () => MutualTls | undefined, clock: Pick<Clock, 'steady'>) {
    this.#fleet = fleet;
    this.#tls = tls;
    this.#clock = clock;
  }

  /** Number of clients that are open. */
  get size(): number {
    return this.#held.size;
  }

  /** Says where this replica's own control API listens, as its own clients reach it. */
  callSelfAt(address: string): void {
    this.#own = address;
  }

  /** The replicas that live now. Never rejects. */
  roster(): Promise<Roster> {
    this.#last = { roster: this.#read(), at: this.#clock.steady() };
    return this.#last.roster;
  }

  /** The replicas that lived within the last second: all who ask again and again cost one look at the store. Never rejects. */
  recentRoster(): Promise<Roster> {
    const isRecent = this.#last !== undefined && this.#clock.steady() - this.#last.at < ROSTER_AGE;
    return isRecent && this.#last !== undefined ? this.#last.roster : this.roster();
  }

  async #read(): Promise<Roster> {
    const members = await this.#fleet.members();
    const asked = members.slice(0, MAX_REPLICAS);
    const living = new Set(asked.map(({ incarnation }) => incarnation));
    for (const incarnation of this.#held.keys()) if (!living.has(incarnation)) this.#drop(incarnation);
    const replicas: ReplicaClient[] = [];
    const unasked = members.slice(MAX_REPLICAS).map(({ replica }) => replica);
    for (const member of asked) {
      const client = this.#clientOf(member);
      if (client === undefined) unasked.push(member.replica);
      else replicas.push(client);
    }
    return { replicas, unasked };
  }

  /** Closes every client, for good. */
  close(): void {
    this.#isClosed = true;
    for (const incarnation of this.#held.keys()) this.#drop(incarnation);
  }

  #clientOf(member: Member): ReplicaClient | undefined {
    const { incarnation, replica: name, self: isSelf } = member;
    const address = isSelf ? this.#own : member.control;
    if (address === undefined || address === '' || this.#isClosed) return undefined;
    const tls = isSelf ? undefined : this.#tls();
    // An address comes from the store. One that reaches others by TLS asks nobody without, as it hands on no peer: a path on this machine may
    // be that of a replica on another one, or of whoever can write to the store.
    if (tls !== undefined && address.startsWith('unix:')) return undefined;
    // Nobody beyond this machine is asked without proof of who answers: whoever listens there would be shown the callers' headers.
    if (tls === undefined && !isSelf && !ON_THIS_MACHINE.test(address)) return undefined;
    const held = this.#held.get(incarnation);
    if (held?.address === address && held.tls === tls) return held.client;
    this.#drop(incarnation);
    const client = new ReplicaClient({ name, incarnation, isSelf, own: () => this.#fleet.incarnation }, address, tls);
    this.#held.set(incarnation, { client, address, tls });
    return client;
  }

  #drop(incarnation: string): void {
    this.#held.get(incarnation)?.client.close();
    this.#held.delete(incarnation);
  }
}
