import { status as Code, type ServiceError } from '@grpc/grpc-js';
import type { Clock } from '../../ports/clock.js';
import { questionMark } from '../calls/opaque-token.js';
import type { WatchSessionsResponse } from '../generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { type Outlet, tooSlow } from '../rpc/outlet.js';
import { missOf, PassedFault } from './answers.js';
import { MemberWatch, type SessionEvent } from './member-watch.js';
import type { MessageSource } from './message-source.js';
import type { Replica, Roster } from './replica.js';
import { type Standing, sealedStandings } from './watch-token.js';

/** Interval at which the streams and the roster are looked at, milliseconds. */
export const LOOK_INTERVAL = 500;

export interface FleetWatchParts {
  readonly clock: Clock;
  readonly outlet: Pick<
    Outlet<WatchSessionsResponse>,
    'begin' | 'ready' | 'write' | 'fail' | 'attempt' | 'onReady' | 'onceStopped'
  >;
  /** The replicas that live now. Never rejects. */
  readonly roster: () => Promise<Roster>;
  /** Opens one replica's own watch, to go on after its own token. */
  readonly open: (replica: Replica, token: string) => MessageSource<SessionEvent>;
  readonly filter: string;
  /** Silence after which a heartbeat is sent, milliseconds. */
  readonly silence: number;
}

/**
 * One watcher's way through the events of all replicas. It takes an event from a replica only when its client can take it, so a slow client
 * makes the replicas wait, and one of them ends the watch when the client has fallen behind what is kept there.
 */
export class FleetWatch {
  readonly #parts: FleetWatchParts;
  /** Stands for the filter in tokens. */
  readonly #mark: string;
  /** The replicas that are watched, by incarnation. */
  readonly #members = new Map<string, MemberWatch>();
  /** The replicas as the roster has them: where one is reached may change. */
  #living: ReadonlyMap<string, Replica> = new Map();
  /** Runs that have ended, although the roster still has them. */
  readonly #gone = new Set<string>();
  /** Names of replicas that cannot be asked, and of which the client was told so. */
  #unasked: ReadonlySet<string> = new Set();
  /** Events of the merge itself, which come before any other; at most a few for each replica. */
  readonly #due: SessionEvent[] = [];
  /** How far an earlier watch had come, until the first roster. */
  #standings: readonly Standing[];
  /** True once every replica that answers has sent its part of the snapshot, and once the client was told so. */
  #isSnapshotDone: boolean;
  #isSnapshotTold: boolean;
  #isLooking = false;
  #isStopped = false;
  #cancelBeat = (): void => {};

  /** @param standings how far an earlier watch had come; undefined to begin with a snapshot */
  constructor(parts: FleetWatchParts, standings: readonly Standing[] | undefined) {
    this.#parts = parts;
    this.#mark = questionMark(parts.filter);
    this.#standings = standings ?? [];
    this.#isSnapshotDone = standings !== undefined;
    this.#isSnapshotTold = standings !== undefined;
    const { clock, outlet } = parts;
    outlet.begin();
    outlet.onReady = () => this.#pump();
    outlet.onceStopped(clock.every(LOOK_INTERVAL, () => this.#wake(() => this.#look())));
    outlet.onceStopped(() => this.#stop());
    this.#beatLater();
    void this.#read();
  }

  #stop(): void {
    this.#isStopped = true;
    this.#cancelBeat();
    for (const member of this.#members.values()) member.stop();
    this.#members.clear();
  }

  #wake(work: () => void): void {
    this.#parts.outlet.attempt(() => {
      work();
      this.#pump();
    });
  }

  #look(): void {
    const now = this.#parts.clock.steady();
    for (const member of this.#members.values()) {
      const state = member.check(now);
      if (state === 'silent') this.#break(member, now);
      else if (state === 'overdue') this.#lose(member, now);
    }
    void this.#read();
  }

  async #read(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const roster = await this.#parts.roster();
    this.#isLooking = false;
    if (!this.#isStopped) this.#wake(() => this.#take(roster));
  }

  /** Follows who lives: opens a stream to each replica that has come, and tells of each that has gone. */
  #take({ replicas, unasked }: Roster): void {
    const now = this.#parts.clock.steady();
    const living = new Map(replicas.map((replica) => [replica.incarnation, replica]));
    this.#living = living;
    for (const incarnation of this.#gone) if (!living.has(incarnation)) this.#gone.delete(incarnation);
    for (const [incarnation, member] of this.#members) {
      if (living.has(incarnation)) continue;
      this.#remove(member, now);
    }
    const standings = this.#standingsOf(living);
    for (const replica of replicas) {
      if (this.#members.has(replica.incarnation) || this.#gone.has(replica.incarnation)) continue;
      const open = (token: string): MessageSource<SessionEvent> =>
        this.#parts.open(this.#living.get(replica.incarnation) ?? replica, token);
      const token = standings.get(replica.incarnation) ?? '';
      this.#members.set(replica.incarnation, new MemberWatch(replica, token, open, () => this.#wake(() => {}), now));
    }
    for (const name of unasked) if (!this.#unasked.has(name)) this.#tell('REPLICA_LOST', name);
    this.#unasked = new Set(unasked);
    this.#settle();
  }

  /** The tokens to go on by; replicas of which an earlier watch told more than it can go on by are told as lost. */
  #standingsOf(living: ReadonlyMap<string, Replica>): ReadonlyMap<string, string> {
    const standings = this.#standings;
    this.#standings = [];
    const lost = new Set(
      standings
        .filter(({ incarnation, token }) => token === '' || !living.has(incarnation))
        .map(({ replica }) => replica),
    );
    for (const name of lost) this.#tell('REPLICA_LOST', name);
    const kept = standings.filter(({ replica }) => !lost.has(replica));
    return new Map(kept.map(({ incarnation, token }) => [incarnation, token]));
  }

  #pump(): void {
    const { outlet, clock } = this.#parts;
    while (outlet.ready) {
      const event = this.#due.shift() ?? this.#next(clock.steady());
      if (event === undefined) return;
      if (event.type === 'SESSION_EVENT_TYPE_SNAPSHOT_DONE') this.#isSnapshotTold = true;
      outlet.write({ ...event, resume_token: this.#token() });
      this.#beatLater();
    }
  }

  /** The next event of any replica; they take turns. */
  #next(now: number): SessionEvent | undefined {
    for (const [incarnation, member] of [...this.#members]) {
      const next = member.take(now);
      if (next === 'none') continue;
      if (next === 'broken') this.#break(member, now);
      else if ('failure' in next) this.#failed(member, next.failure, now);
      else {
        this.#members.delete(incarnation);
        this.#members.set(incarnation, member);
        if (next.type !== 'SESSION_EVENT_TYPE_SNAPSHOT_DONE') return next;
        member.isLost = false;
        if (this.#isSnapshotDone) this.#tell('REPLICA_JOINED', member.replica.name);
        this.#settle();
      }
      const due = this.#due.shift();
      if (due !== undefined) return due;
    }
    return undefined;
  }

  #failed(member: MemberWatch, failure: ServiceError, now: number): void {
    const miss = missOf(failure);
    if (miss.t === 'gone') {
      this.#gone.add(member.replica.incarnation);
      this.#remove(member, now);
    } else if (miss.t === 'unreachable') this.#break(member, now);
    else if (failure.code === Code.OUT_OF_RANGE) this.#lose(member, now);
    // Another replica of another version may not know the filter, which is right by this one's word.
    else if (failure.code === Code.INVALID_ARGUMENT && !member.replica.isSelf) this.#lose(member, now);
    // A stream that is opened again may come before the replica has noticed the end of the one before.
    else if (failure.code === Code.RESOURCE_EXHAUSTED && this.#isSnapshotTold) this.#break(member, now);
    else if (failure.code === Code.ABORTED) throw tooSlow(`fell behind the changes that ${member.replica.name} keeps`);
    else throw new PassedFault(failure);
  }

  /** A stream broke. What its token stands for is asked for again; without a token nothing can go on. */
  #break(member: MemberWatch, now: number): void {
    if (member.isComplete) member.breakOff(now);
    else this.#lose(member, now);
  }

  /** A replica that lives does not answer, or cannot go on where it was: the client forgets its sessions, and it begins anew when it answers. */
  #lose(member: MemberWatch, now: number): void {
    const isNews = !member.isLost || member.isTold;
    member.isLost = true;
    if (isNews) this.#forget(member.replica.name, now);
    member.startOver(now);
    this.#settle();
  }

  #remove(member: MemberWatch, now: number): void {
    member.stop();
    this.#members.delete(member.replica.incarnation);
    if (member.isTold) this.#forget(member.replica.name, now);
    this.#settle();
  }

  /** Makes the client forget every session of that name: another run of the replica tells its own anew. */
  #forget(name: string, now: number): void {
    this.#tell('REPLICA_LOST', name);
    for (const other of this.#members.values()) {
      if (other.replica.name === name && other.isTold) other.startOver(now);
    }
  }

  /** Ends the snapshot once all that answer have sent theirs. */
  #settle(): void {
    if (this.#isSnapshotDone) return;
    if ([...this.#members.values()].some((member) => !member.isComplete && !member.isLost)) return;
    this.#isSnapshotDone = true;
    this.#due.push({ ...NOTHING, type: 'SESSION_EVENT_TYPE_SNAPSHOT_DONE' });
  }

  #tell(word: 'REPLICA_LOST' | 'REPLICA_JOINED', replica: string): void {
    this.#due.push({ ...NOTHING, type: `SESSION_EVENT_TYPE_${word}`, replica });
  }

  #token(): string {
    if (!this.#isSnapshotTold) return '';
    const members = [...this.#members.values()].flatMap(({ standing }) => standing ?? []);
    // What the client is yet to be told to forget, it still knows.
    const lost = this.#due.filter(({ type }) => type === 'SESSION_EVENT_TYPE_REPLICA_LOST');
    const untold = lost.map(({ replica }) => ({ incarnation: '', replica, token: '' }));
    return sealedStandings(this.#mark, [...this.#standings, ...members, ...untold]);
  }

  #beatLater(): void {
    this.#cancelBeat();
    this.#cancelBeat = this.#parts.clock.after(this.#parts.silence, () => {
      const { outlet } = this.#parts;
      if (outlet.ready) outlet.write({ type: 'SESSION_EVENT_TYPE_HEARTBEAT', resume_token: this.#token() });
      this.#beatLater();
    });
  }
}

const NOTHING = { session: null, resume_token: '', replica: '' } as const;
