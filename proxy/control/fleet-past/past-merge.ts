import type { Timestamp__Output as Time } from '../generated/google/protobuf/Timestamp.js';
import type {
  CallSummary,
  CallSummary__Output as Summary,
} from '../generated/micronets/wsproxy/control/v1/CallSummary.js';
import type { EndingCount__Output as EndingCount } from '../generated/micronets/wsproxy/control/v1/EndingCount.js';
import type { GetHistoryResponse } from '../generated/micronets/wsproxy/control/v1/GetHistoryResponse.js';
import type { ListCallsResponse } from '../generated/micronets/wsproxy/control/v1/ListCallsResponse.js';
import type { ListRefusalsResponse } from '../generated/micronets/wsproxy/control/v1/ListRefusalsResponse.js';
import type { Retention__Output as Retention } from '../generated/micronets/wsproxy/control/v1/Retention.js';
import { findingsOf } from '../past/findings.js';
import { limitIn, USUAL } from '../past/past-query.js';
import { msOf, timeOf } from '../past/words.js';
import type { AnswerOf } from '../rpc/handlers.js';
import { duration, timestamp } from '../rpc/times.js';

/** Joins what the replicas remember of one meetup, which is served by one after the other. `now`: milliseconds since the epoch. */
export function mergedHistory(
  answers: readonly AnswerOf<'GetHistory'>[],
  asked: { readonly meetup_id: string; readonly limit: number },
  missed: string[],
  now: number,
): GetHistoryResponse {
  const limit = limitIn(asked.limit, USUAL.history);
  const all = <Item>(list: (one: AnswerOf<'GetHistory'>) => readonly Item[]): Item[] => answers.flatMap(list);
  const each = <Item>(of: (one: AnswerOf<'GetHistory'>) => Item | null): Item[] =>
    answers.flatMap((one) => of(one) ?? []);
  const merged: GetHistoryResponse = {
    meetup_id: asked.meetup_id,
    present: all(({ present }) => present).sort((a, b) => msOf(a.come_time) - msOf(b.come_time)),
    past: newest(
      all(({ past }) => past),
      ({ go_time: at }) => at,
      limit,
    ),
    refusals: newest(
      all(({ refusals }) => refusals),
      ({ last_time: at }) => at,
      limit,
    ),
    meetings: answers.reduce((sum, { meetings }) => sum + Number(meetings), 0),
    endings: mergedEndings(all(({ endings }) => endings)),
    summary: mergedSummary(each(({ summary }) => summary)),
    calls: newest(
      all(({ calls }) => calls),
      ({ start_time: at }) => at,
      limit,
    ),
    failed_calls: newest(
      all(({ failed_calls: calls }) => calls),
      ({ start_time: at }) => at,
      limit,
    ),
    kept_visits: mergedRetention(each(({ kept_visits: kept }) => kept)),
    kept_refusals: mergedRetention(each(({ kept_refusals: kept }) => kept)),
    kept_calls: mergedRetention(each(({ kept_calls: kept }) => kept)),
    since_time: extreme(
      each(({ since_time: since }) => since),
      Math.min,
    ),
    edge_report_time: extreme(
      each(({ edge_report_time: at }) => at),
      Math.max,
    ),
    unreachable_replicas: missed,
  };
  return { ...merged, findings: findingsOf(merged, now) };
}

export function mergedRefusals(
  answers: readonly AnswerOf<'ListRefusals'>[],
  limit: number,
  missed: string[],
): ListRefusalsResponse {
  const found = answers.flatMap(({ refusals }) => refusals);
  return {
    refusals: newest(found, ({ last_time: at }) => at, limitIn(limit, USUAL.list)),
    total_size: answers.reduce((sum, { total_size: size }) => sum + size, 0),
    kept: mergedRetention(answers.flatMap(({ kept }) => kept ?? [])),
    edge_report_time: extreme(
      answers.flatMap(({ edge_report_time: at }) => at ?? []),
      Math.max,
    ),
    since_time: extreme(
      answers.flatMap(({ since_time: since }) => since ?? []),
      Math.min,
    ),
    unreachable_replicas: missed,
  };
}

export function mergedCalls(
  answers: readonly AnswerOf<'ListCalls'>[],
  limit: number,
  missed: string[],
): ListCallsResponse {
  const found = answers.flatMap(({ calls }) => calls);
  return {
    calls: newest(found, ({ start_time: at }) => at, limitIn(limit, USUAL.list)),
    total_size: answers.reduce((sum, { total_size: size }) => sum + size, 0),
    kept: mergedRetention(answers.flatMap(({ kept }) => kept ?? [])),
    since_time: extreme(
      answers.flatMap(({ since_time: since }) => since ?? []),
      Math.min,
    ),
    unreachable_replicas: missed,
  };
}

function newest<Item>(items: readonly Item[], at: (item: Item) => Time | null, limit: number): Item[] {
  return items.toSorted((a, b) => msOf(at(b)) - msOf(at(a))).slice(0, limit);
}

function extreme(times: readonly Time[], pick: (...ms: number[]) => number): ReturnType<typeof timestamp> | null {
  return times.length === 0 ? null : timestamp(pick(...times.map(msOf)));
}

function mergedRetention(all: readonly Retention[]): { readonly seen: number; readonly kept: number } {
  const sum = (of: (one: Retention) => string): number => all.reduce((total, one) => total + Number(of(one)), 0);
  return { seen: sum(({ seen }) => seen), kept: sum(({ kept }) => kept) };
}

function mergedEndings(all: readonly EndingCount[]): { label: string; meaning: string; count: number }[] {
  const counts = new Map<string, { label: string; meaning: string; count: number }>();
  for (const { label, meaning, count } of all) {
    counts.set(label, { label, meaning, count: Number(count) + (counts.get(label)?.count ?? 0) });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

function mergedSummary(all: readonly Summary[]): CallSummary {
  const sum = (of: (one: Summary) => string): number => all.reduce((total, one) => total + Number(of(one)), 0);
  const answered = sum((one) => one.answered);
  const mean = (of: (one: Summary) => Summary['mean_peer_latency']) =>
    answered === 0 ? null : duration(all.reduce((ms, one) => ms + msOf(of(one)) * Number(one.answered), 0) / answered);
  const most = (of: (one: Summary) => Summary['max_peer_latency']) => {
    const known = all.flatMap((one) => timeOf(of(one)) ?? []);
    return known.length === 0 ? null : duration(Math.max(...known));
  };
  return {
    calls: sum((one) => one.calls),
    not_answered: sum((one) => one.not_answered),
    answered_5xx: sum((one) => one.answered_5xx),
    answered_4xx: sum((one) => one.answered_4xx),
    answered,
    mean_proxy_latency: mean((one) => one.mean_proxy_latency),
    max_proxy_latency: most((one) => one.max_proxy_latency),
    mean_peer_latency: mean((one) => one.mean_peer_latency),
    max_peer_latency: most((one) => one.max_peer_latency),
  };
}
