import {
  errorOfStatus,
  FAILURE_CLASSES,
  type FailureClass,
  failureClassOf,
  METHODS,
  type Method,
  OUTCOMES,
  type Outcome,
  outcomes,
} from '../../wire/invocation.js';
import { Histogram, MESSAGE_BYTES, PROXY_SECONDS, REQUEST_SECONDS } from '../metrics/histogram.js';
import { COUNTED_KINDS, type CountedKind, type MetricName } from '../metrics/metric-table.js';
import type { MetricSource } from '../metrics/metrics.js';
import { type Sample, sampleOf, samplesBy } from '../metrics/sample.js';
import { FailingSessions } from './failing-sessions.js';
import { type Invocation, NOT_YET, type SessionCalls } from './invocation-table.js';

/** Most label sets of http.server.request.duration; values of further sets go to the set `otel_metric_overflow="true"`. */
export const MAX_DURATION_SERIES = 1_000;

/** One label set of http.server.request.duration. */
export interface DurationSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly histogram: Histogram;
}

/** All counts of messages and invocations: plain numbers that the hot path writes and the metrics read. */
export class InvocationCounts implements MetricSource {
  readonly messages: Record<CountedKind, number> = zeros(COUNTED_KINDS);
  readonly sizes = new Histogram(MESSAGE_BYTES);
  readonly outcomes: Record<Outcome, number> = zeros(OUTCOMES);
  /** Of the outcome `http_error`, those that were answered with 4xx. */
  #answered4xx = 0;
  readonly #failing = new FailingSessions();
  readonly active: Record<Method, number> = zeros(METHODS);
  readonly proxySeconds = new Histogram(PROXY_SECONDS);
  readonly #series = new Map<number, DurationSeries>();
  /** Position of each route in the list of templates, from 1. */
  readonly #routes: ReadonlyMap<string, number>;

  /** @param routes the templates that `http.route` can take as values */
  constructor(routes: readonly string[]) {
    this.#routes = new Map(routes.map((route, i) => [route, i + 1]));
  }

  get durations(): Iterable<DurationSeries> {
    return this.#series.values();
  }

  message(kind: CountedKind, bytes: number): void {
    this.messages[kind] += 1;
    this.sizes.observe(bytes);
  }

  started(method: Method): void {
    this.active[method] += 1;
  }

  /** Counts a message that belongs to no open invocation. */
  unmatched(outcome: Outcome): void {
    this.outcomes[outcome] += 1;
  }

  /** Counts an open invocation that ended at `now`, steady-clock milliseconds. */
  finished(one: Invocation, outcome: Outcome, now: number): void {
    this.outcomes[outcome] += 1;
    const failure = failureClassOf(outcome, one.status);
    if (failure === 'answered_4xx') this.#answered4xx += 1;
    this.#failing.ended(one.calls, failure);
    this.active[one.method] -= 1;
    this.#durationOf(one, outcome).observe((now - one.started) / 1000);
    this.proxySeconds.observe(proxyTime(one, now) / 1000);
  }

  /** A session ended, and no call of it will. */
  gone(calls: SessionCalls): void {
    this.#failing.gone(calls);
  }

  samples(): [MetricName, Sample[]][] {
    const durations = Array.from(this.durations, ({ labels, histogram }) => ({ labels, value: histogram }));
    const active = Object.entries(this.active).map(([method, value]) => ({
      labels: { 'http.request.method': method, 'url.scheme': 'https' },
      value,
    }));
    return [
      ['http.server.request.duration', durations],
      ['http.server.active_requests', active],
      ['ws_proxy.invocations', this.#ended().map((one) => failed(...one))],
      ['ws_proxy.sessions.failing', samplesBy('failure', Object.entries(this.#failing.counts))],
      ['ws_proxy.invocation.proxy.duration', sampleOf(this.proxySeconds)],
      ['ws_proxy.messages', samplesBy('type', Object.entries(this.messages))],
      ['ws_proxy.message.size', sampleOf(this.sizes)],
    ];
  }

  /** Invocations that failed so far, by class; the classes exclude each other. */
  get failures(): Readonly<Record<FailureClass, number>> {
    const sums = zeros(FAILURE_CLASSES);
    for (const [, failure, value] of this.#ended()) if (failure !== undefined) sums[failure] += value;
    return sums;
  }

  /** By outcome, and where that is a failure, by its class: `http_error` alone has two. */
  #ended(): (readonly [Outcome, FailureClass | undefined, number])[] {
    return OUTCOMES.flatMap((outcome): (readonly [Outcome, FailureClass | undefined, number])[] => {
      const value = this.outcomes[outcome];
      if (outcome !== 'http_error') return [[outcome, failureClassOf(outcome, undefined), value]];
      const server = value - this.#answered4xx;
      return [
        [outcome, 'answered_4xx', this.#answered4xx],
        [outcome, 'answered_5xx', server],
      ];
    });
  }

  #durationOf(one: Invocation, outcome: Outcome): Histogram {
    const error = outcomes[outcome].error;
    const result = error ? 600 + OUTCOMES.indexOf(outcome) : (one.status ?? 0);
    const route = one.route === undefined ? 0 : (this.#routes.get(one.route) ?? 0);
    const key = (route * METHODS.length + METHODS.indexOf(one.method)) * 1024 + result;
    return (this.#series.get(key) ?? this.#open(key, one, error ? outcome : undefined)).histogram;
  }

  #open(key: number, one: Invocation, error: Outcome | undefined): DurationSeries {
    const full = this.#series.size >= MAX_DURATION_SERIES;
    const found = full ? this.#series.get(OVERFLOW) : undefined;
    if (found !== undefined) return found;
    const labels = full ? { 'otel.metric.overflow': 'true' } : durationLabels(one, error);
    const series = { labels, histogram: new Histogram(REQUEST_SECONDS) };
    this.#series.set(full ? OVERFLOW : key, series);
    return series;
  }
}

const OVERFLOW = -1;

function failed(outcome: Outcome, failure: FailureClass | undefined, value: number): Sample {
  return { labels: failure === undefined ? { outcome } : { outcome, failure }, value };
}

function durationLabels({ method, status, route }: Invocation, error: Outcome | undefined): Record<string, string> {
  const labels: Record<string, string> = { 'http.request.method': method };
  if (error === undefined && status !== undefined) labels['http.response.status_code'] = String(status);
  const type = error ?? errorOfStatus(status);
  if (type !== undefined) labels['error.type'] = type;
  if (route !== undefined) labels['http.route'] = route;
  return { ...labels, 'network.protocol.name': 'websocket', 'url.scheme': 'https' };
}

/** Milliseconds that the messages of an invocation spent within the proxy. */
export function proxyTime(one: Invocation, now: number): number {
  if (one.forwarded === NOT_YET) return now - one.started;
  return one.forwarded - one.started + (one.responded === NOT_YET ? 0 : now - one.responded);
}

/** Milliseconds from the request's leaving to the response's arrival, or to the end where no response came. */
export function peerTime(one: Invocation, now: number): number {
  if (one.forwarded === NOT_YET) return 0;
  return (one.responded === NOT_YET ? now : one.responded) - one.forwarded;
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
