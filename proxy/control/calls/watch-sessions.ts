import { status as Code } from '@grpc/grpc-js';
import type { Clock } from '../../ports/clock.js';
import { readFilter } from '../filter/filter.js';
import type { WatchSessionsRequest__Output } from '../generated/micronets/wsproxy/control/v1/WatchSessionsRequest.js';
import type { WatchSessionsResponse } from '../generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import type { Caller } from '../rpc/caller.js';
import { badField, Fault } from '../rpc/fault.js';
import { durationWithin } from '../rpc/field-values.js';
import { type Outlet, tooSlow } from '../rpc/outlet.js';
import type { Slots } from '../rpc/slots.js';
import { sessionResource } from '../sessions/resource.js';
import type { SessionHistory } from '../sessions/session-history.js';
import { opened, questionMark, sealed } from './opaque-token.js';
import { type WatchEvent, Watcher } from './watcher.js';

/** Silence after which a heartbeat is sent, milliseconds. */
const HEARTBEAT = { usual: 10_000, least: 1_000, most: 60_000 };

/** Reads the silence after which a heartbeat is sent, milliseconds. Throws Fault. */
export function silenceIn({
  heartbeat_interval: asked,
}: Pick<WatchSessionsRequest__Output, 'heartbeat_interval'>): number {
  const { usual, least, most } = HEARTBEAT;
  return durationWithin('heartbeat_interval', asked, least, most) ?? usual;
}

/** WatchSessions. Every watcher is woken once after each burst of changes and takes as many as its client does. */
export class SessionWatch {
  readonly #history: SessionHistory;
  readonly #slots: Slots;
  readonly #clock: Clock;
  readonly #replica: string;
  readonly #pumps = new Set<() => void>();
  #waking = false;

  constructor(history: SessionHistory, slots: Slots, clock: Clock, replica: string) {
    this.#history = history;
    this.#slots = slots;
    this.#clock = clock;
    this.#replica = replica;
    history.onChange = () => this.#wakeAll();
  }

  /** Wakes the watchers after the peer's event in the middle of which the change was noted. */
  #wakeAll(): void {
    if (this.#waking || this.#pumps.size === 0) return;
    this.#waking = true;
    setImmediate(() => {
      this.#waking = false;
      for (const pump of this.#pumps) pump();
    });
  }

  /** Serves one watcher. Throws Fault. */
  watch(request: WatchSessionsRequest__Output, outlet: Outlet<WatchSessionsResponse>, caller: Caller): void {
    const filter = readFilter(request.filter, this.#replica);
    if ('fault' in filter) throw badField('filter', filter.fault);
    const silence = silenceIn(request);
    const mark = questionMark(this.#history.epoch, request.filter);
    const watcher =
      request.resume_token === ''
        ? Watcher.fromNow(this.#history, filter.ok)
        : Watcher.after(this.#history, this.#revisionIn(request.resume_token, request.filter), filter.ok);
    this.#slots.hold(caller, outlet, 'WATCHERS_FULL', 'too many watchers, in all or of this certificate');
    const tokenOf = (revision: number | undefined): string =>
      revision === undefined ? '' : sealed([this.#history.epoch, mark, revision]);
    this.#serve(outlet, watcher, silence, tokenOf);
  }

  #serve(
    outlet: Outlet<WatchSessionsResponse>,
    watcher: Watcher,
    silence: number,
    tokenOf: (revision: number | undefined) => string,
  ): void {
    const after = (ms: number, callback: () => void): (() => void) => this.#clock.after(ms, callback);
    const beat = (): void => {
      if (outlet.ready) outlet.write({ type: 'SESSION_EVENT_TYPE_HEARTBEAT', resume_token: tokenOf(watcher.revision) });
      cancelBeat = after(silence, beat);
    };
    let cancelBeat = after(silence, beat);
    const pump = (): void => {
      while (outlet.ready) {
        const event = watcher.next();
        if (event === 'none') return;
        if (event === 'lost') {
          outlet.fail(tooSlow('fell behind the changes that are kept'));
          return;
        }
        outlet.write({ ...this.#message(event), resume_token: tokenOf(event.revision) });
        cancelBeat();
        cancelBeat = after(silence, beat);
      }
    };
    // The client learns at once that the stream is set up, even if nothing happens.
    outlet.begin();
    outlet.onReady = pump;
    const wake = (): void => outlet.attempt(pump);
    this.#pumps.add(wake);
    outlet.onceStopped(() => {
      cancelBeat();
      this.#pumps.delete(wake);
    });
    pump();
  }

  #message(event: WatchEvent): WatchSessionsResponse {
    if (event.t === 'snapshot_done') return { type: 'SESSION_EVENT_TYPE_SNAPSHOT_DONE' };
    return { type: TYPES[event.t], session: sessionResource(event.view, this.#replica) };
  }

  #revisionIn(token: string, filter: string): number {
    const [epoch, mark, revision] = opened(token) ?? [];
    if (typeof epoch !== 'string' || typeof mark !== 'string' || typeof revision !== 'number') {
      throw badField('resume_token', 'is not a resume_token of WatchSessions');
    }
    if (mark !== questionMark(epoch, filter)) throw badField('resume_token', 'belongs to another filter');
    if (
      epoch !== this.#history.epoch ||
      this.#history.following(revision) === 'lost' ||
      revision > this.#history.revision
    ) {
      throw new Fault(
        Code.OUT_OF_RANGE,
        'RESUME_TOKEN_EXPIRED',
        'resume_token: its changes are no longer kept, or are of another process: start over without it',
      );
    }
    return revision;
  }
}

const TYPES = {
  added: 'SESSION_EVENT_TYPE_ADDED',
  changed: 'SESSION_EVENT_TYPE_CHANGED',
  removed: 'SESSION_EVENT_TYPE_REMOVED',
} as const;
