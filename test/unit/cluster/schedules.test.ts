import { expect } from 'chai';
import fc from 'fast-check';
import { FakeFleet, FakeReplica, settled, TIMES } from '../../support/fake-fleet.js';
import type { Fate } from '../../support/fake-store.js';

/** One step of a schedule; `r` chooses a replica. */
type Step =
  | {
      readonly t: 'arrive' | 'leave' | 'halt' | 'resume' | 'look' | 'die' | 'start' | 'disconnect' | 'connect';
      readonly r: number;
    }
  | { readonly t: 'deaf' | 'cutOff'; readonly r: number; readonly is: boolean }
  | { readonly t: 'fate'; readonly r: number; readonly fate: Fate }
  | { readonly t: 'restart' }
  | { readonly t: 'forget' }
  | { readonly t: 'wipe' }
  | { readonly t: 'time'; readonly ms: number };

const REPLICAS = 3;
const M = 'm';

/** Answers that are lost or late, and requests that come through after nobody waits for them any more. */
const FATES: readonly Fate[] = [
  { applied: 0 },
  { applied: 3_000 },
  { applied: 6_000 },
  {},
  { applied: 0, answered: 900 },
  { applied: 700, answered: 300 },
];
const TIMES_PASSED = [100, 500, 1_500, 2_500, 5_500, 9_000, 12_000];

const r = fc.oneof(fc.constant(0), fc.constant(1), fc.nat(REPLICAS - 1));
const step = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const STEPS = [
  step(10, fc.record({ t: fc.constant('arrive' as const), r })),
  step(6, fc.record({ t: fc.constant('time' as const), ms: fc.constantFrom(...TIMES_PASSED) })),
  step(4, fc.record({ t: fc.constantFrom('halt' as const, 'resume' as const, 'resume' as const, 'look' as const), r })),
  step(3, fc.record({ t: fc.constantFrom('disconnect' as const, 'connect' as const, 'connect' as const), r })),
  step(3, fc.record({ t: fc.constant('fate' as const), r, fate: fc.constantFrom(...FATES) })),
  step(2, fc.record({ t: fc.constantFrom('deaf' as const, 'cutOff' as const), r, is: fc.boolean() })),
  step(2, fc.record({ t: fc.constant('leave' as const), r })),
  step(1, fc.record({ t: fc.constantFrom('die' as const, 'start' as const), r })),
  step(1, fc.record({ t: fc.constantFrom('restart' as const, 'forget' as const) })),
];
const LOSS = step(1, fc.record({ t: fc.constant('wipe' as const) }));

/** Plays the steps; what is odd at the moment is skipped. */
class Schedule {
  readonly fleet = new FakeFleet();
  #wasWiped = false;
  readonly #lost: 'keep' | 'end';

  constructor(lost: 'keep' | 'end') {
    this.#lost = lost;
    for (let i = 0; i < REPLICAS; i += 1) this.fleet.add({ lost });
  }

  async play(steps: readonly Step[]): Promise<void> {
    await this.fleet.advance(TIMES.dead);
    for (const one of steps) {
      await this.#do(one);
      await settled();
      this.#check();
    }
  }

  /** Everything heals; then each meetup can be met at, in one place only. */
  async heal(): Promise<void> {
    const { fleet } = this;
    for (const replica of fleet.replicas) {
      replica.isCutOff = false;
      replica.store.isDeaf = false;
      replica.store.fates.length = 0;
      replica.resume();
      replica.look();
      if (replica.state !== 'dead') replica.store.connected = true;
    }
    if (this.#running.length === 0) fleet.add();
    await fleet.advance(3 * TIMES.dead);
    this.#check();
    await this.#meets();
    await this.#leavesNothing();
    for (const { cluster } of this.#running)
      expect([cluster.standing.t, cluster.meetups]).to.deep.equal(['attached', 0]);
  }

  async #meets(): Promise<void> {
    expect(this.fleet.relaying(M).length).to.be.at.most(1);
    for (const replica of this.#running) replica.leave(M);
    await settled();
    const [first, last] = [this.#running.at(0), this.#running.at(-1)];
    expect([await first?.arrive(M), await last?.arrive(M), await first?.arrive(M)]).to.deep.equal([
      'waits',
      'paired',
      'full',
    ]);
    for (const replica of this.#running) replica.leave(M);
    await settled();
  }

  /** When all have gone and each replica has attached anew, no claim names one that runs. */
  async #leavesNothing(): Promise<void> {
    const { fleet } = this;
    fleet.disconnect();
    fleet.tables.forgetDeletions();
    for (const { store } of this.#running) store.connected = true;
    await fleet.advance(TIMES.dead);
    const running = new Set(this.#running.map(({ address }) => address));
    const left = [...fleet.tables.claims.values()].filter(({ value }) => running.has(value.address));
    expect(left.map(({ value }) => value.name)).to.deep.equal([]);
  }

  get #running(): readonly FakeReplica[] {
    return this.fleet.replicas.filter(({ state }) => state === 'running');
  }

  /** No pair is made on a lost claim. An old pair stands beside a new one only where its replica has yet to learn of it. */
  #check(): void {
    const { fleet } = this;
    const faults = fleet.faults.filter(({ claimedBy }) => claimedBy !== undefined || !this.#wasWiped);
    expect(faults).to.deep.equal([]);
    const pairs = fleet.relaying(M);
    if (pairs.length < 2) return;
    const owner = fleet.tables.claims.get(M)?.value.incarnation;
    const certain = pairs.filter(({ cluster }) => cluster.mayPair && this.#isKnown(cluster.incarnation));
    expect(certain.filter(({ cluster }) => cluster.incarnation !== owner).map(({ name }) => name)).to.deep.equal([]);
  }

  /** Whether a replica would learn nothing new by its next renewal. */
  #isKnown(incarnation: string): boolean {
    const value = this.fleet.tables.records.get(incarnation)?.value;
    return value !== undefined && !('dead' in value);
  }

  async #do(one: Step): Promise<void> {
    const { fleet } = this;
    if (one.t === 'time') return fleet.advance(one.ms);
    if (one.t !== 'restart' && one.t !== 'forget' && one.t !== 'wipe') return this.#at(one);
    fleet.disconnect();
    if (one.t === 'forget') fleet.tables.forgetDeletions();
    if (one.t !== 'wipe') return;
    fleet.tables.wipe();
    this.#wasWiped = true;
  }

  #at(one: Exclude<Step, { readonly t: 'time' | 'restart' | 'forget' | 'wipe' }>): void {
    const replica = this.fleet.replicas[one.r];
    if (replica === undefined) return;
    const isRunning = replica.state === 'running';
    switch (one.t) {
      case 'arrive':
        if (isRunning) void replica.arrive(M);
        return;
      case 'leave':
        if (isRunning) replica.leave(M);
        return;
      case 'halt':
      case 'resume':
      case 'die':
        replica[one.t]();
        return;
      case 'look':
        if (isRunning) replica.look();
        return;
      case 'start':
        if (replica.state === 'dead')
          this.fleet.replicas[one.r] = new FakeReplica(this.fleet, replica.name, { lost: this.#lost });
        return;
      case 'disconnect':
        replica.store.connected = false;
        return;
      case 'connect':
        if (replica.state !== 'dead') replica.store.connected = true;
        return;
      case 'cutOff':
        replica.isCutOff = one.is;
        return;
      case 'deaf':
        replica.store.isDeaf = one.is;
        return;
      case 'fate':
        replica.store.fates.push(one.fate);
    }
  }
}

/** Runs a property over schedules of these steps. */
function always(lost: 'keep' | 'end', steps: readonly ReturnType<typeof step>[]): Promise<void> {
  const schedules = fc.array(fc.oneof(...steps), { minLength: 10, maxLength: 60 });
  const property = fc.asyncProperty(schedules, async (one) => {
    const schedule = new Schedule(lost);
    await schedule.play(one);
    await schedule.heal();
  });
  return fc.assert(property, { numRuns: RUNS });
}

const RUNS = 150;

describe('the ownership protocol, on any schedule', () => {
  for (const lost of ['keep', 'end'] as const) {
    it(`makes no pair on a lost claim, and is whole again when all has healed (${lost})`, () => always(lost, STEPS));
  }

  it('the same where the store loses everything', () => always('keep', [...STEPS, LOSS]));
});
