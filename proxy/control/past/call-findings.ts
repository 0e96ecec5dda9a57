import type { Call } from '../generated/micronets/wsproxy/control/v1/Call.js';
import type { GetHistoryResponse as History } from '../generated/micronets/wsproxy/control/v1/GetHistoryResponse.js';
import { clock, msOf, plural } from './words.js';

/** How far back calls count as news, milliseconds. */
const NEWS = 3_600_000;
/** Calls among which a failure or slowness counts, the newest. */
const AMONG = 20;
/** Time from which a call is slow, milliseconds. */
const SLOW = 1_000;

/** Says in words how calls fail, and where they wait. */
export function callFindings({ calls = [], failed_calls: failed = [] }: History, now: number): string[] {
  const recent = [...calls, ...failed]
    .filter(({ start_time: start }) => now - msOf(start) <= NEWS)
    .sort((a, b) => msOf(b.start_time) - msOf(a.start_time))
    .slice(0, AMONG);
  const bad = recent.filter(({ failure = '' }) => failure !== '' && failure !== 'answered_4xx');
  return [...failures(bad, recent.length), ...slowness(recent)];
}

function failures(bad: readonly Call[], among: number): string[] {
  const kinds = new Map<string, Call[]>();
  for (const call of bad) {
    const kind = `${call.failure} ${call.status_code || call.outcome}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), call]);
  }
  return [...kinds.values()]
    .sort((a, b) => b.length - a.length)
    .flatMap((alike) => {
      const [last] = alike;
      if (last === undefined) return [];
      const how = last.failure === 'not_answered' ? notAnswered(last) : answered(last);
      const which = `${last.failure}, last at ${clock(last.start_time)}, trace ${last.trace_id}`;
      return [`${alike.length} of the last ${among} calls failed (${which}): ${how}`];
    });
}

function notAnswered({ outcome, ending, meaning, responder_role: asked, peer_latency: peer }: Call): string {
  if (outcome === 'timeout') {
    return `the ${asked} took the request and did not answer within ${plural(msOf(peer))}. ${meaning}`;
  }
  return `the ${asked} did not answer, for the session ended before (${ending || outcome}). ${meaning}`;
}

function answered({ status_code: status = 0, responder_role: asked }: Call): string {
  const what = MEANINGS[status] ?? 'it failed over the request, or the HTTP API behind it did';
  return `the ${asked} answered ${status === 0 ? 'without a status of HTTP' : status}: ${what}. The proxy passed it on.`;
}

/** What a peer that calls an HTTP API means by these. */
const MEANINGS: Readonly<Record<number, string>> = {
  500: 'it failed over the request, or the HTTP API behind it did',
  502: 'the HTTP API behind it (its upstream) is down, cannot be reached, or gave no response that can be used',
  503: 'it, or the HTTP API behind it (its upstream), takes no calls now',
  504: 'the HTTP API behind it (its upstream) gave no response in time',
};

function slowness(recent: readonly Call[]): string[] {
  const whole = recent.filter(({ failure }) => failure !== 'not_answered');
  const slow = whole.filter((call) => msOf(call.proxy_latency) + msOf(call.peer_latency) >= SLOW);
  const [last] = slow;
  // A single slow call among many is none of the meetup's state.
  if (last === undefined || slow.length * 4 < whole.length) return [];
  const mean = (part: (call: Call) => number): number => slow.reduce((sum, one) => sum + part(one), 0) / slow.length;
  const [proxy, peer] = [mean((one) => msOf(one.proxy_latency)), mean((one) => msOf(one.peer_latency))];
  const where =
    peer >= proxy
      ? `the ${last.responder_role}, or the HTTP API behind it (its upstream), is slow; the proxy is not.`
      : 'they wait in the proxy: the peer that they go to reads slowly, or above its rate.';
  const split = `${plural(peer)} of it at the ${last.responder_role}, ${plural(proxy)} in the proxy`;
  return [
    `${slow.length} of the last ${whole.length} answered calls were slow, ${plural(peer + proxy)}, ${split}: ${where}`,
  ];
}
