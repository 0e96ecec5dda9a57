import { Cluster } from '../../proxy/cluster/ownership/cluster.js';
import type { ClusterTimes } from '../../proxy/cluster/times.js';
import type { HopEvidence, Owner } from '../../proxy/session/life/locator.js';
import { FakeClock } from './fake-clock.js';
import { FakeStore, FakeTables } from './fake-store.js';

export const TIMES: ClusterTimes = {
  renew: 2_000,
  self: 5_000,
  dead: 8_000,
  hopDial: 1_000,
  hopAnswer: 2_500,
  placing: 4_000,
};

/** How an arrival ended. */
export type Arrival = 'waits' | 'paired' | 'full' | 'unplaced' | 'misdirected';

/** A pair that a replica made although the store does not name it. */
export interface Fault {
  readonly meetupId: string;
  readonly by: string;
  /** Whom the store names; undefined: nobody. */
  readonly claimedBy: string | undefined;
}

/** Replicas in one process: real ownership, on fake tables and clocks; doors and seats are a few lines each. */
export class FakeFleet {
  readonly tables = new FakeTables();
  readonly replicas: FakeReplica[] = [];
  /** Pairs that were made on a claim that was lost. */
  readonly faults: Fault[] = [];

  /** Starts a replica. One of a name that was there before has its address. */
  add(options: FakeOptions = {}): FakeReplica {
    const replica = new FakeReplica(this, options.name ?? `r${this.replicas.length}`, options);
    this.replicas.push(replica);
    return replica;
  }

  /** Lets time pass, in steps small enough that no timer of the protocol is late. */
  async advance(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP) {
      const step = Math.min(STEP, ms - passed);
      this.tables.clock.advance(step);
      for (const replica of this.replicas) replica.passTime(step);
      await settled();
    }
  }

  /** The store restarts: every line breaks. */
  disconnect(): void {
    for (const { store } of this.replicas) store.connected = false;
  }

  /** A hop, as the replica that dials sees it: how the arrival ended there, or what its failure shows. */
  async hop(meetupId: string, owner: Owner): Promise<Arrival | HopEvidence> {
    const target = this.replicas.findLast(({ address }) => address === owner.address);
    if (target === undefined || target.state === 'dead') return { owner, fault: 'refused' };
    if (target.state === 'stopped' || target.isCutOff) return { owner, fault: 'silent' };
    if (target.cluster.incarnation !== owner.incarnation) return { owner, fault: 'replaced' };
    const arrival = await target.arrive(meetupId, true);
    return arrival === 'misdirected' ? { owner, fault: 'moved' } : arrival;
  }

  /** Replicas that run and have a pair at the meetup, which they relay for. */
  relaying(meetupId: string): readonly FakeReplica[] {
    return this.replicas.filter((one) => one.state === 'running' && !one.isHeld && one.seats.get(meetupId) === 2);
  }
}

/** Milliseconds of one step of the time. */
const STEP = 100;

interface FakeOptions {
  readonly name?: string;
  readonly lost?: 'keep' | 'end';
  /** Whether the store is there when it starts. */
  readonly connected?: boolean;
}

export class FakeReplica {
  readonly name: string;
  readonly address: string;
  readonly clock = new FakeClock();
  readonly store: FakeStore;
  readonly cluster: Cluster;
  /** Peers that sit at each meetup: one waits, two are a pair. */
  readonly seats = new Map<string, number>();
  /** Meetups whose peers were ended because another replica has them. */
  readonly deposed: string[] = [];
  /** What the protocol reported. */
  readonly told: string[] = [];
  state: 'running' | 'stopped' | 'dead' = 'running';
  /** Other replicas cannot reach it. */
  isCutOff = false;
  isHeld = false;
  readonly #fleet: FakeFleet;
  #hasStood = false;

  constructor(fleet: FakeFleet, name: string, options: FakeOptions) {
    this.#fleet = fleet;
    this.name = name;
    this.address = `unix:${name}.sock`;
    this.store = new FakeStore(fleet.tables, this.clock, options.connected);
    this.cluster = new Cluster({
      store: this.store,
      clock: this.clock,
      promptly: (ms, callback) => this.clock.every(ms, callback),
      times: TIMES,
      maxMeetups: 100,
      lost: options.lost ?? 'keep',
      self: { name, address: this.address, control: `unix:${name}.control`, version: '1.2.3' },
      policyDigest: () => 'digest',
      effects: {
        hold: () => this.#hold(true),
        release: () => this.#hold(false),
        deposed: (meetupIds) => this.#deposed(meetupIds),
        endPairs: () => this.#endPairs(),
      },
      report: {
        moved: (to) => this.told.push(to.t === 'detached' ? `${to.t} ${to.cause}` : to.t),
        reincarnated: (_, why) => this.told.push(`reincarnated ${why}`),
        declared: (_, why) => this.told.push(`declared: ${why}`),
        woken: () => {},
        deposed: (meetups) => this.told.push(`deposed ${meetups}`),
      },
    });
    void this.cluster.start();
  }

  passTime(ms: number): void {
    if (this.state !== 'running') {
      this.clock.stand(ms);
      return;
    }
    this.look();
    this.clock.advance(ms);
  }

  /** Its event loop turns: late timers are called, then it hears of its line. */
  look(): void {
    if (this.#hasStood) this.clock.wake();
    this.#hasStood = false;
    this.store.notice();
  }

  /** The process stands still: SIGSTOP. Its sockets stay open. */
  halt(): void {
    if (this.state !== 'running') return;
    this.state = 'stopped';
    this.store.isStopped = true;
  }

  /** It goes on. Peers may be read before its event loop looks at timers and at the line to the store: `look`, or the next time that passes. */
  resume(): void {
    if (this.state !== 'stopped') return;
    this.state = 'running';
    this.#hasStood = true;
  }

  /** The process ends without a word: SIGKILL. */
  die(): void {
    this.state = 'dead';
    this.store.isStopped = false;
    this.store.connected = false;
    this.seats.clear();
  }

  /** A peer comes in by this replica. */
  async arrive(meetupId: string, byHop = false): Promise<Arrival> {
    let evidence: HopEvidence | undefined;
    for (let hops = 0; hops < 2; hops += 1) {
      const placement = await this.cluster.locate(meetupId, evidence);
      if (placement.t === 'here') return this.#sit(meetupId);
      if (placement.t === 'nowhere') return 'unplaced';
      if (byHop) return 'misdirected';
      const ended = await this.#fleet.hop(meetupId, placement.owner);
      if (typeof ended === 'string') return ended;
      evidence = ended;
    }
    return 'unplaced';
  }

  /** The peers of a meetup go. */
  leave(meetupId: string): void {
    const seats = this.seats.get(meetupId) ?? 0;
    this.seats.delete(meetupId);
    for (let seat = 0; seat < seats; seat += 1) this.cluster.leave(meetupId);
  }

  #sit(meetupId: string): Arrival {
    const sitting = this.seats.get(meetupId) ?? 0;
    const { cluster } = this;
    const arrival = ((): Arrival => {
      if (this.state !== 'running' || !cluster.serves(meetupId)) return 'unplaced';
      if (sitting === 2) return 'full';
      if (sitting === 0) return 'waits';
      return cluster.mayPair ? 'paired' : 'unplaced';
    })();
    if (arrival === 'waits' || arrival === 'paired') this.seats.set(meetupId, sitting + 1);
    else cluster.leave(meetupId);
    if (arrival === 'paired') this.#check(meetupId);
    return arrival;
  }

  #check(meetupId: string): void {
    const claimedBy = this.#fleet.tables.claims.get(meetupId)?.value.incarnation;
    if (claimedBy !== this.cluster.incarnation) this.#fleet.faults.push({ meetupId, by: this.name, claimedBy });
  }

  #hold(is: boolean): void {
    this.isHeld = is;
    this.told.push(is ? 'holds' : 'reads on');
  }

  #deposed(meetupIds: readonly string[]): void {
    for (const meetupId of meetupIds) {
      this.deposed.push(meetupId);
      this.leave(meetupId);
    }
  }

  #endPairs(): void {
    this.told.push('ends pairs');
    for (const [meetupId, seats] of [...this.seats]) if (seats === 2) this.leave(meetupId);
  }
}

/** Resolves when everything that follows from what was answered has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A fleet of that many replicas, which know each other long enough to judge who lives. */
export async function attached(count: number): Promise<[FakeFleet, ...FakeReplica[]]> {
  const fleet = new FakeFleet();
  const replicas = Array.from({ length: count }, () => fleet.add());
  await fleet.advance(TIMES.dead + TIMES.renew);
  return [fleet, ...replicas];
}
