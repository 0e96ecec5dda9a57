import type { Invocation } from './answer-past.js';
import { roundUp } from './round.js';

/** One bar, in parts of the axis (0 to 1). */
export interface Bar {
  /** The start of the bar: later than 0 where an earlier invocation of its burst was still on its way. */
  readonly offset: number;
  readonly request: number;
  readonly peer: number;
  readonly response: number;
  /** It is longer than the axis. */
  readonly isCut: boolean;
  /** Whether it belongs to a burst. */
  readonly isJoined: boolean;
}

export interface Waterfall {
  /** Length of the axis, milliseconds: a round number. */
  readonly limit: number;
  /** In the order given. */
  readonly bars: readonly Bar[];
}

/** A part that took time is never thinner than this part of the axis. */
const THINNEST = 0.004;
/** The part of all invocations that fit the axis; longer ones are cut, or one time-out would flatten all others. */
const FITTING = 0.9;

/**
 * Lays out invocations on a common axis of durations. Invocations that were on their way at the same time form a burst and
 * are placed by the clock from its beginning, as long as the burst fits the axis; all others begin at its left end.
 * @param newestFirst ordered by their end, newest first
 */
export function layOut(newestFirst: readonly Invocation[]): Waterfall {
  const limit = axisOf(newestFirst);
  const bars = new Map<number, Bar>();
  let origin = Number.NEGATIVE_INFINITY;
  let last = 0;
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (const one of [...newestFirst].sort((a, b) => a.start - b.start || a.sequence - b.sequence)) {
    const end = one.start + totalOf(one);
    const isJoined = one.start < busyUntil && end - origin <= limit;
    if (!isJoined) origin = one.start;
    busyUntil = isJoined ? Math.max(busyUntil, end) : end;
    const before = bars.get(last);
    if (isJoined && before !== undefined) bars.set(last, { ...before, isJoined });
    last = one.sequence;
    bars.set(last, barOf(one, (one.start - origin) / limit, limit, isJoined));
  }
  return { limit, bars: newestFirst.flatMap(({ sequence }) => bars.get(sequence) ?? []) };
}

/** The whole of an invocation, milliseconds. */
export function totalOf({ requestProxyMs, peerMs, responseProxyMs }: Invocation): number {
  return requestProxyMs + peerMs + responseProxyMs;
}

function axisOf(invocations: readonly Invocation[]): number {
  const totals = invocations.map(totalOf).sort((a, b) => a - b);
  return roundUp(totals[Math.ceil(totals.length * FITTING) - 1] ?? 1);
}

function barOf(one: Invocation, offset: number, limit: number, isJoined: boolean): Bar {
  const part = (ms: number): number => (ms > 0 ? Math.max(ms / limit, THINNEST) : 0);
  const parts = [part(one.requestProxyMs), part(one.peerMs), part(one.responseProxyMs)];
  const [request = 0, peer = 0, response = 0] = cutOff(parts, 1 - offset);
  const isCut = offset + totalOf(one) / limit > 1 + THINNEST;
  return { offset, request, peer, response, isCut, isJoined };
}

/** Cuts at the end of the axis, so that the last part is missing. */
function cutOff(parts: readonly number[], room: number): number[] {
  let left = Math.max(0, room);
  return parts.map((part) => {
    const kept = Math.min(part, left);
    left -= kept;
    return kept;
  });
}
