import type { Clock } from '../../ports/clock.js';
import type { Fleet, Member } from '../../ports/fleet.js';
import type { HopEvidence, Locator, Placement } from '../../session/life/locator.js';
import { ClusterCounts } from '../counts.js';
import { Attachment, type ClusterEffects } from '../membership/attachment.js';
import { Deaths } from '../membership/deaths.js';
import { Members } from '../membership/members.js';
import { Renewal } from '../membership/renewal.js';
import type { Standing } from '../membership/standing.js';
import { CLAIM_LIFE, type Claim, FORMAT, type ReplicaRecord, type Store } from '../store.js';
import { type ClusterTimes, REFRESH } from '../times.js';
import { Assertion } from './assertion.js';
import { Claims, type HeldMeetup } from './claims.js';
import { Leftovers } from './leftovers.js';
import { Search } from './search.js';

/** Hears what happens, for the log. */
export interface ClusterReport {
  moved(to: Standing): void;
  reincarnated(incarnation: string, why: 'declared_dead' | 'store_lost'): void;
  /** This process was stopped for that time, milliseconds. */
  woken(time: number): void;
  /** Other replicas were found to serve that many meetups of this one. */
  deposed(meetups: number): void;
  /** This replica declared another one dead. */
  declared(incarnation: string, why: string): void;
}

export interface ClusterParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Calls back again and again, as soon as it is due, before anything that waits in a socket is read. */
  readonly promptly: Clock['every'];
  readonly times: ClusterTimes;
  /** Most meetups of this replica at one time. */
  readonly maxMeetups: number;
  /** Whether pairs go on while this replica may count as dead, or end. */
  readonly lost: 'keep' | 'end';
  /** Name, addresses and version of this replica. */
  readonly self: Omit<ReplicaRecord, 'format' | 'policyDigest'>;
  /** Digest of the policy in force. */
  readonly policyDigest: () => string;
  readonly effects: ClusterEffects;
  readonly report: ClusterReport;
}

/** This replica's part in the fleet: joins the pieces of the ownership protocol. */
export class Cluster implements Locator, Fleet {
  readonly counts = new ClusterCounts();
  readonly #parts: ClusterParts;
  readonly #claims: Claims;
  readonly #leftovers: Leftovers;
  readonly #renewal: Renewal;
  readonly #attachment: Attachment;
  readonly #assertion: Assertion;
  readonly #search: Search;
  readonly #members: Members;
  readonly #attached: Promise<void>;
  #tellAttached: () => void = () => {};
  #undo: () => void = () => {};

  constructor(parts: ClusterParts) {
    const { store, clock, promptly, times, maxMeetups, lost, effects, report } = parts;
    const { counts } = this;
    this.#parts = parts;
    this.#attached = new Promise((resolve) => {
      this.#tellAttached = resolve;
    });
    this.#leftovers = new Leftovers({
      ...{ store, clock },
      isOwn: (one) => renewal.isOwn(one),
      isInUse: (meetupId) => claims.has(meetupId) || this.#search.isUnderway(meetupId),
      mayRelease: () => attachment.mayPair,
    });
    const left = (meetupId: string): void => this.#leftovers.note(meetupId);
    const claims = new Claims(left);
    this.#claims = claims;
    const claim = (): Claim => this.#claim();
    const renewal = new Renewal({
      ...{ store, clock, times },
      record: () => this.#record(),
      renewed: () => this.#renewed(),
      reincarnated: (why) => this.#reincarnated(why),
    });
    this.#renewal = renewal;
    const incarnation = (): string => renewal.incarnation;
    const floor = (): number | undefined => renewal.floor;
    const attachment = new Attachment({
      ...{ store, clock, promptly, times, lost, counts, effects },
      sentAt: () => renewal.sentAt,
      renew: () => void renewal.renew(),
      forgetOthers: () => renewal.forgetOthers(),
      attached: () => this.#isAttached(),
      moved: (to) => report.moved(to),
      woken: (time) => report.woken(time),
    });
    this.#attachment = attachment;
    this.#assertion = new Assertion({
      ...{ store, clock, claims, counts, claim },
      isOwn: (one) => renewal.isOwn(one),
      deposed: (meetupIds) => effects.deposed(meetupIds),
    });
    const deaths = new Deaths({
      ...{ store, clock, times, counts, incarnation, floor },
      judgesSince: () => attachment.judgesSince,
      confirm: () => renewal.confirm(),
      declared: (one, why) => report.declared(one, why),
    });
    const { placing } = times;
    const freedom = (): Attachment['freedom'] => attachment.freedom;
    this.#search = new Search({ store, clock, claims, deaths, counts, placing, maxMeetups, claim, freedom, left });
    const isCurrent = (): boolean => attachment.mayPair;
    this.#members = new Members({ store, incarnation, isCurrent, record: () => this.#record(), floor });
  }

  get incarnation(): string {
    return this.#renewal.incarnation;
  }

  get standing(): Standing {
    return this.#attachment.standing;
  }

  /** Meetups of this replica, now. */
  get meetups(): number {
    return this.#claims.size;
  }

  get mayPair(): boolean {
    return this.#attachment.mayPair;
  }

  /** Called before input of a peer is handled, so that a process that was stopped while it read relays nothing for a pair that it has lost. */
  beforeReading(): void {
    this.#attachment.beforeReading();
  }

  locate(meetupId: string, evidence?: HopEvidence): Placement | Promise<Placement> {
    return this.#search.locate(meetupId, evidence);
  }

  serves(meetupId: string): boolean {
    return this.#claims.has(meetupId);
  }

  leave(meetupId: string): void {
    const left = this.#claims.leave(meetupId);
    if (left?.state === 'held' && this.mayPair) this.#giveBack(left);
  }

  members(): Promise<readonly Member[]> {
    return this.#members.members();
  }

  /** Joins the fleet. Resolves when this replica is attached for the first time, which may take as long as the store is away. */
  start(): Promise<void> {
    const { clock } = this.#parts;
    this.#undo = clock.every(REFRESH, () => {
      if (this.mayPair) void this.#written(this.#assertion.refresh(clock.steady() - CLAIM_LIFE / 2));
    });
    this.#attachment.start();
    this.#renewal.start();
    return this.#attached;
  }

  /** Leaves the fleet: gives its meetups back, and says so in its record. Never rejects. */
  async stop(): Promise<void> {
    const held = this.mayPair ? this.#claims.those(({ state }) => state === 'held') : [];
    this.#undo();
    this.#attachment.stop();
    for (const one of held) this.#giveBack(one);
    await this.#renewal.stop();
  }

  #renewed(): void {
    if (this.#claims.unasserted > 0 || this.#assertion.isUnderway) void this.#assert();
    else this.#attachment.confirmed();
    this.#search.wake();
  }

  async #assert(): Promise<void> {
    await this.#written(this.#assertion.assert());
    if (this.#claims.unasserted === 0 && !this.#assertion.isUnderway) this.#attachment.confirmed();
  }

  /** Waits for a round of writes, and tells what it found out. */
  async #written(round: Promise<void>): Promise<void> {
    const before = this.counts.deposed;
    await round;
    const deposed = this.counts.deposed - before;
    if (deposed > 0) this.#parts.report.deposed(deposed);
  }

  #isAttached(): void {
    void this.#leftovers.sweep();
    for (const held of this.#claims.those(({ state, users }) => state === 'held' && users === 0)) this.#giveBack(held);
    this.#tellAttached();
    this.#search.wake();
  }

  #reincarnated(why: 'declared_dead' | 'store_lost'): void {
    this.counts.reincarnated[why] += 1;
    this.#claims.unassert();
    this.#attachment.reincarnated(why);
    this.#parts.report.reincarnated(this.incarnation, why);
  }

  #giveBack(held: HeldMeetup): void {
    this.#claims.drop(held);
    this.counts.released += 1;
    this.#parts.store.releaseClaim(held.sequence);
  }

  #claim(): Claim {
    const { name, address } = this.#parts.self;
    return { format: FORMAT, incarnation: this.incarnation, name, address };
  }

  #record(): ReplicaRecord {
    const { self, policyDigest } = this.#parts;
    return { format: FORMAT, ...self, policyDigest: policyDigest() };
  }
}
