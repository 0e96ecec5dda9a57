import { fullBucket, type Rate, type TokenBucket, take } from '../policy/limits/token-bucket.js';
import type { Clock } from '../ports/clock.js';
import { peerTime, proxyTime } from '../telemetry/calls/invocation-counts.js';
import type { FinishedInvocation } from '../telemetry/calls/invocation-spans.js';
import type { Invocation, SessionCalls } from '../telemetry/calls/invocation-table.js';
import type { LateReader } from '../telemetry/calls/journal.js';
import type { Outcome } from '../wire/invocation.js';
import { type MeetupRecord, MeetupTotals } from './meetup-record.js';
import type { Memory } from './memory.js';
import { keptCallOf } from './records-made.js';

/** Calls of one meetup that are kept: few of those that ended well, more of those that failed or were slow. */
export const ORDINARY_CALLS: Rate = { perSecond: 2, burst: 50 };
export const NOTABLE_CALLS: Rate = { perSecond: 10, burst: 100 };
/** Calls of all meetups that are kept; to keep one costs some microseconds. */
export const ALL_CALLS: Rate = { perSecond: 1_000, burst: 1_000 };
/** Time from which a call counts as slow, milliseconds. */
export const SLOW_MS = 1_000;

/** Counts every call in the record of its meetup, and keeps some: so a call costs a few additions, and no more the busier the relay is. */
export class CallKeeper implements LateReader {
  readonly #memory: Memory;
  readonly #clock: Clock;
  readonly #all: TokenBucket;

  constructor(memory: Memory, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
    this.#all = fullBucket(ALL_CALLS, clock.steady());
  }

  wants(one: Invocation, outcome: Outcome, now: number): boolean {
    if (outcome === 'orphan_response') return false;
    const record = this.#recordOf(one.calls) ?? this.#opened(one.calls, now);
    // Where the bound is too small for those who are here, records come and go; to make them is bounded as to keep a call is.
    if (record === undefined) return false;
    const [proxyMs, peerMs] = [proxyTime(one, now), peerTime(one, now)];
    const failure = record.totals.add(outcome, one.status, proxyMs, peerMs);
    const isNotable = failure !== undefined || proxyMs + peerMs >= SLOW_MS;
    return (isNotable ? notable(record, now) : ordinary(record, now)) && take(this.#all, ALL_CALLS, 1, now) === 0;
  }

  finished(finished: FinishedInvocation): void {
    const call = keptCallOf(this.#memory.next(), finished);
    const record = this.#recordOf(finished.invocation.calls);
    if (record === undefined) return;
    (call.failure === undefined ? record.calls : record.failures).add(call);
    this.#memory.meetups.settle(record);
    this.#memory.callFollowers.tell(call);
  }

  #recordOf({ totals }: SessionCalls): MeetupRecord | undefined {
    return totals instanceof MeetupTotals && totals.record.isKept ? totals.record : undefined;
  }

  #opened(calls: SessionCalls, now: number): MeetupRecord | undefined {
    if (take(this.#all, ALL_CALLS, 1, now) > 0) return undefined;
    const record = this.#memory.meetups.open(calls.session.meetupId, this.#clock.now());
    this.#memory.meetups.settle(record);
    calls.totals = record.totals;
    return record;
  }
}

function ordinary(record: MeetupRecord, now: number): boolean {
  record.ordinary ??= fullBucket(ORDINARY_CALLS, now);
  return take(record.ordinary, ORDINARY_CALLS, 1, now) === 0;
}

function notable(record: MeetupRecord, now: number): boolean {
  record.notable ??= fullBucket(NOTABLE_CALLS, now);
  return take(record.notable, NOTABLE_CALLS, 1, now) === 0;
}
