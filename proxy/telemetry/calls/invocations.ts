import type { AfterWrites, Clock } from '../../ports/clock.js';
import type { MessageObserver, RelayedPeer, RelayedSession } from '../../session/life/message-observer.js';
import { type InvocationStatistics, NO_INVOCATIONS, type SessionStatistics } from '../../session/views/statistics.js';
import type { Ending } from '../../wire/close.js';
import { Envelope } from '../../wire/envelope.js';
import { httpStatus, type Outcome, outcomeOfEnding, outcomeOfStatus } from '../../wire/invocation.js';
import { withTraceparent } from '../../wire/trace-context.js';
import { statisticsOf, summarize } from './call-statistics.js';
import { Departures } from './departures.js';
import { type InvocationCounts, peerTime, proxyTime } from './invocation-counts.js';
import { callsOf, Invocation, NOT_YET, OpenInvocations, type SessionCalls } from './invocation-table.js';
import type { Journal } from './journal.js';
import type { Routes } from './routes.js';
import { SessionLatency } from './session-latency.js';

export interface InvocationBounds {
  /** Time for which a request's response is waited for, milliseconds. */
  readonly timeout: number;
  /** Open invocations of one session. */
  readonly maxPerSession: number;
  /** Open invocations of all sessions. */
  readonly max: number;
  /** Whether a recorded request is passed on with the proxy's span as its traceparent: the only change that is ever made to a message. */
  readonly inject: boolean;
}

/** Longest and shortest time between two looks for overdue invocations, milliseconds. */
const MAX_TICK = 250;
const MIN_TICK = 10;

export interface InvocationParts {
  readonly clock: Clock;
  readonly bounds: InvocationBounds;
  readonly counts: InvocationCounts;
  readonly journal: Journal;
  readonly routes: Routes;
  /** Told of a fault of our own; the message goes on untouched. */
  readonly fault: (error: unknown) => void;
  /** Calls its argument after the writes of this turn of the event loop. */
  readonly afterWrites: (one: AfterWrites) => void;
}

/**
 * Watches the relay for invocations: matches each response to its request, counts both, and passes finished invocations to the
 * journal. It changes no message, except that it injects a traceparent where that is configured, and its faults fail no message.
 */
export class Invocations implements MessageObserver, SessionStatistics {
  readonly #parts: InvocationParts;
  readonly #open = new OpenInvocations();
  readonly #sessions = new WeakMap<RelayedSession, SessionCalls>();
  readonly #departures: Departures;
  readonly #envelope = new Envelope();
  #latest: SessionCalls | undefined;
  #stop: (() => void) | undefined;

  constructor(parts: InvocationParts) {
    this.#parts = parts;
    this.#departures = new Departures(parts.clock, parts.afterWrites, (one, now) => this.#left(one, now));
  }

  start(): void {
    const tick = Math.max(MIN_TICK, Math.min(MAX_TICK, this.#parts.bounds.timeout / 4));
    this.#stop ??= this.#parts.clock.every(tick, () => this.sweep());
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Invocations of all sessions that have not finished. */
  get size(): number {
    return this.#open.size;
  }

  of(session: RelayedSession): InvocationStatistics {
    const calls = this.#sessions.get(session);
    return calls === undefined ? NO_INVOCATIONS : statisticsOf(calls, this.#parts.clock.steady());
  }

  relayed(session: RelayedSession, from: RelayedPeer, data: Buffer, binary: boolean): Buffer {
    try {
      return this.#read(session, from, data, binary);
    } catch (error) {
      this.#parts.fault(error);
      return data;
    }
  }

  finished(session: RelayedSession, ending: Ending): void {
    const calls = this.#sessions.get(session);
    if (calls === undefined) return;
    if (this.#latest === calls) this.#latest = undefined;
    const now = this.#parts.clock.steady();
    const outcome = outcomeOfEnding(ending.label);
    try {
      const open = [...calls.forth.values(), ...calls.back.values()];
      for (const one of open) this.#finish(one, outcome, now, ending.label);
      this.#parts.counts.gone(calls);
    } catch (error) {
      this.#parts.fault(error);
    }
  }

  /** Looks once for requests that have left and for invocations that are overdue. */
  sweep(): void {
    this.#departures.look();
    const now = this.#parts.clock.steady();
    const overdue = now - this.#parts.bounds.timeout;
    for (let one = this.#open.oldest; one !== undefined && one.started <= overdue; one = this.#open.oldest) {
      this.#finish(one, one.responded === NOT_YET ? 'timeout' : outcomeOfStatus(one.status), now);
    }
  }

  #read(session: RelayedSession, from: RelayedPeer, data: Buffer, binary: boolean): Buffer {
    const { counts } = this.#parts;
    if (binary) {
      counts.message('binary', data.length);
      return data;
    }
    const envelope = this.#envelope;
    envelope.read(data);
    counts.message(envelope.kind, data.length);
    if (envelope.kind === 'request') return this.#request(this.#callsOf(session), from, data);
    if (envelope.kind === 'response') this.#response(this.#callsOf(session), from, data);
    else if (envelope.kind === 'event') this.#parts.journal.event(this.#callsOf(session), from, envelope, data.length);
    return data;
  }

  #request(calls: SessionCalls, requester: RelayedPeer, data: Buffer): Buffer {
    const { clock, bounds, journal } = this.#parts;
    const envelope = this.#envelope;
    const detail = journal.detailOf(envelope, data);
    const route = this.#routeOf(detail?.path);
    const { id, knownMethod: method } = envelope;
    const started = clock.steady();
    const requestBytes = data.length;
    // Without a spread: a copy of an object has no room for one more member, and would cost as much as the rest of the call.
    const one = new Invocation({ calls, requester, id, method, route, requestBytes, detail, started });
    if (detail === undefined) one.head = journal.headOf(data);
    const refusal = this.#refusalOf(one);
    const { own, client } = detail ?? {};
    const injected = own?.sampled === true && bounds.inject;
    const out = injected ? withTraceparent(envelope, data, { ...own, spanId: client ?? own.spanId }) : data;
    if (refusal === undefined) this.#track(one, out.length);
    else {
      summarize(calls.statistics, refusal, undefined, undefined);
      this.#unmatched(one, refusal);
    }
    return out;
  }

  #response(calls: SessionCalls, responder: RelayedPeer, data: Buffer): void {
    const { inResponseTo, status } = this.#envelope;
    const table = responder === calls.first ? calls.back : calls.forth;
    const one = inResponseTo === undefined ? undefined : table.get(inResponseTo);
    if (one === undefined || one.responded !== NOT_YET) {
      this.#orphan(calls, responder, data);
      return;
    }
    one.responded = this.#parts.clock.steady();
    // A request that was answered has left, at the latest now.
    if (one.forwarded === NOT_YET) one.forwarded = one.responded;
    one.status = httpStatus(status);
    one.responseBytes = data.length;
    one.leavingBy = one.requester;
    this.#departures.watch(one, data.length);
  }

  /** The reason for which the request's response cannot be waited for; undefined when it can. */
  #refusalOf({ calls, id, table }: Invocation): Outcome | undefined {
    if (id === undefined || this.#envelope.requiresResponse === false) return 'one_way';
    const earlier = table.get(id);
    if (earlier !== undefined) {
      if (earlier.responded === NOT_YET) return 'duplicate_id';
      this.#finish(earlier, outcomeOfStatus(earlier.status), this.#parts.clock.steady());
    }
    const { maxPerSession, max } = this.#parts.bounds;
    return calls.open >= maxPerSession || this.#open.size >= max ? 'table_full' : undefined;
  }

  #track(one: Invocation, bytes: number): void {
    if (one.id !== undefined) one.table.set(one.id, one);
    one.calls.open += 1;
    this.#open.add(one);
    this.#parts.counts.started(one.method);
    one.leavingBy = one.responder;
    this.#departures.watch(one, bytes);
  }

  /** Writes down a message that belongs to no open invocation. */
  #unmatched(one: Invocation, outcome: Outcome): void {
    one.finished = true;
    this.#parts.counts.unmatched(outcome);
    this.#parts.journal.finished(one, outcome, one.started);
  }

  #orphan(calls: SessionCalls, responder: RelayedPeer, data: Buffer): void {
    const { clock, journal } = this.#parts;
    const envelope = this.#envelope;
    const requester = responder === calls.first ? calls.second : calls.first;
    const id = envelope.inResponseTo;
    const given = { calls, requester, id, method: '_OTHER', route: undefined, requestBytes: 0 } as const;
    const one = new Invocation({ ...given, detail: journal.detailOf(envelope, data), started: clock.steady() });
    one.status = httpStatus(envelope.status);
    one.responseBytes = data.length;
    this.#unmatched(one, 'orphan_response');
  }

  #left(one: Invocation, now: number): void {
    if (one.responded === NOT_YET) one.forwarded = now;
    else this.#finish(one, outcomeOfStatus(one.status), now);
  }

  #finish(one: Invocation, outcome: Outcome, now: number, ending?: Ending['label']): void {
    one.finished = true;
    if (one.id !== undefined && one.table.get(one.id) === one) one.table.delete(one.id);
    one.calls.open -= 1;
    this.#open.remove(one);
    const latency = one.responded === NOT_YET ? undefined : one.responded - one.started;
    summarize(one.calls.statistics, outcome, one.status, latency);
    if (latency !== undefined) {
      one.calls.latency ??= new SessionLatency(now);
      one.calls.latency.add(latency, proxyTime(one, now), peerTime(one, now), now);
    }
    this.#parts.counts.finished(one, outcome, now);
    this.#parts.journal.finished(one, outcome, now, ending);
  }

  #routeOf(path: string | undefined): string | undefined {
    const { routes } = this.#parts;
    if (routes.empty) return undefined;
    const whole = path ?? this.#envelope.pathText ?? '';
    const mark = whole.indexOf('?');
    return routes.match(mark < 0 ? whole : whole.slice(0, mark));
  }

  #callsOf(session: RelayedSession): SessionCalls {
    if (this.#latest?.session === session) return this.#latest;
    let calls = this.#sessions.get(session);
    if (calls === undefined) {
      calls = callsOf(session);
      this.#sessions.set(session, calls);
    }
    this.#latest = calls;
    return calls;
  }
}
