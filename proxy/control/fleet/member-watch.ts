import type { ServiceError } from '@grpc/grpc-js';
import type { WatchSessionsResponse__Output } from '../generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import type { MessageSource } from './message-source.js';
import type { Replica } from './replica.js';
import type { Standing } from './watch-token.js';

export type SessionEvent = WatchSessionsResponse__Output;

/** Time that a replica has to set its stream up, milliseconds. */
export const OPEN_TIME = 2_000;
/** Silence after which a replica's stream is taken for dead, milliseconds. It is asked for a heartbeat every HEARTBEAT_TIME. */
export const SILENCE_TIME = 5_000;
export const HEARTBEAT_TIME = 2_000;
/** Time that a broken stream has to go on again before the replica is told as lost, milliseconds. */
export const GRACE_TIME = 3_000;

/**
 * What a watch of the fleet has of one replica's stream.
 * - `opening`: it is asked for, and is not set up yet; until `due`.
 * - `open`: it lives; the last sign of that was at `heard`.
 * - `broken`: it has ended, and is asked for again; until `due`.
 */
type Line =
  | { readonly t: 'opening'; readonly source: MessageSource<SessionEvent>; readonly due: number }
  | { readonly t: 'open'; readonly source: MessageSource<SessionEvent>; readonly heard: number }
  | { readonly t: 'broken'; readonly due: number };

/** What a replica's stream brings next: an event, `none` for now, or how it ended. */
export type Next = SessionEvent | 'none' | 'broken' | { readonly failure: ServiceError };

/** One replica in a watch of the fleet: its stream, opened again when it breaks, and how far it was told. */
export class MemberWatch {
  readonly replica: Replica;
  /** True while its sessions, as far as the client was told of them, are missing: the client was told that it is lost. */
  isLost = false;
  /** Where its own stream goes on; empty while not all of its sessions are told. */
  #token: string;
  /** True once the client was told of any session. */
  #isTold: boolean;
  readonly #open: (token: string) => MessageSource<SessionEvent>;
  readonly #wake: () => void;
  /** True while something may wait to be taken: a client that is slow does not make a replica silent. */
  #hasNews = false;
  #line: Line;

  /**
   * @param token where to go on; empty to begin with a snapshot
   * @param open opens the replica's own stream
   * @param wake is called when there may be something to take
   */
  constructor(
    replica: Replica,
    token: string,
    open: (token: string) => MessageSource<SessionEvent>,
    wake: () => void,
    now: number,
  ) {
    this.replica = replica;
    this.#token = token;
    this.#isTold = token !== '';
    this.#open = open;
    this.#wake = wake;
    this.#line = this.#opened(now + (token === '' ? OPEN_TIME : GRACE_TIME));
  }

  /** True when every session that lives there was told. */
  get isComplete(): boolean {
    return this.#token !== '';
  }

  /** Whether the client may know sessions of it. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** How far it was told; undefined while the client knows nothing of it. */
  get standing(): Standing | undefined {
    const { incarnation, name: replica } = this.replica;
    return this.#isTold || this.isComplete ? { incarnation, replica, token: this.#token } : undefined;
  }

  /** Takes what comes next. Heartbeats are kept here: they only move the token. */
  take(now: number): Next {
    if (this.#line.t === 'broken') return 'none';
    const { source } = this.#line;
    for (let event = source.take(); event !== undefined; event = source.take()) {
      this.#line = { t: 'open', source, heard: now };
      if (event.resume_token !== '') this.#token = event.resume_token;
      if (event.type === 'SESSION_EVENT_TYPE_HEARTBEAT') continue;
      this.#isTold = true;
      return event;
    }
    this.#hasNews = false;
    if (this.#line.t === 'opening' && source.isSetUp) this.#line = { t: 'open', source, heard: now };
    const { ending } = source;
    if (ending === undefined) return 'none';
    return ending === 'done' ? 'broken' : { failure: ending };
  }

  /** Looks at the time: opens a broken stream again, and says whether the stream has been silent for too long. */
  check(now: number): 'well' | 'silent' | 'overdue' {
    const line = this.#line;
    if (this.#hasNews) return 'well';
    if (line.t === 'open') return now - line.heard > SILENCE_TIME ? 'silent' : 'well';
    if (line.t === 'broken') this.#line = this.#opened(line.due);
    return now > line.due && !this.isLost ? 'overdue' : 'well';
  }

  /** Ends the stream; it is opened again at the next look at the time, where it goes on, for a while. */
  breakOff(now: number): void {
    const due = this.#line.t === 'open' ? now + GRACE_TIME : this.#line.due;
    this.#drop();
    this.#line = { t: 'broken', due };
  }

  /** Begins anew, with a snapshot: the client has forgotten, or is told to forget, all sessions of it. */
  startOver(now: number): void {
    this.#drop();
    this.#token = '';
    this.#isTold = false;
    this.#line = { t: 'broken', due: now + OPEN_TIME };
  }

  /** Ends the stream for good. */
  stop(): void {
    this.#drop();
  }

  #opened(due: number): Line {
    const source = this.#open(this.#token);
    this.#hasNews = false;
    source.onNews = () => {
      this.#hasNews = true;
      this.#wake();
    };
    return { t: 'opening', source, due };
  }

  #drop(): void {
    this.#hasNews = false;
    if (this.#line.t !== 'broken') this.#line.source.cancel();
  }
}
