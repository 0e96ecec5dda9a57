import { status as Code } from '@grpc/grpc-js';
import type { KeptCall, Refusal, Visit } from '../../history/records.js';
import type { Duration__Output } from '../generated/google/protobuf/Duration.js';
import { badField, Fault } from '../rpc/fault.js';
import { durationWithin } from '../rpc/field-values.js';

/** Records of one kind in an answer where the request sets no limit: of a history, and of a list. */
export const USUAL = { history: 20, list: 50 } as const;

/** Most records of one kind in an answer. */
export const MOST_RECORDS = 500;
const TRACE_ID = /^[0-9a-f]{32}$/;
/** Longest time that is asked for, milliseconds. */
const YEAR = 366 * 86_400_000;

/** Reads `limit`. Throws Fault. */
export function limitIn(limit: number, usual: number): number {
  if (limit < 0) throw badField('limit', `must be from 0 (${usual}) to ${MOST_RECORDS}`);
  return limit === 0 ? usual : Math.min(limit, MOST_RECORDS);
}

/** Reads `since` as the time from which things count, milliseconds since the epoch; everything where it is absent. Throws Fault. */
export function sinceIn(since: Duration__Output | null, now: number): number {
  const ms = durationWithin('since', since, 1_000, YEAR);
  return ms === undefined ? 0 : now - ms;
}

/** What is asked of calls. */
export interface CallQuestion {
  readonly meetup_id: string;
  readonly failed: boolean;
  readonly slower_than: Duration__Output | null;
  readonly trace_id?: string;
}

/** Reads a question for calls as a test of each. Throws Fault. */
export function callTest(question: CallQuestion): (call: KeptCall) => boolean {
  const { meetup_id: meetup, failed } = question;
  const least = durationWithin('slower_than', question.slower_than, 0, YEAR) ?? 0;
  const trace = traceIn(question.trace_id ?? '');
  return (call) =>
    call.meetupId.startsWith(meetup) &&
    (!failed || call.failure !== undefined) &&
    (trace === '' || call.traceId === trace || call.claimedTraceId === trace) &&
    call.requestProxyMs + call.peerMs + call.responseProxyMs >= least;
}

/** What is asked of refusals and visits. */
export interface PersonQuestion {
  readonly meetup_id: string;
  readonly subject: string;
}

export function visitTest({ meetup_id: meetup, subject }: PersonQuestion): (visit: Visit) => boolean {
  const part = subject.toLowerCase();
  return ({ meetupId, identity }) => meetupId.startsWith(meetup) && identity.subject.toLowerCase().includes(part);
}

export function refusalTest({ meetup_id: meetup, subject }: PersonQuestion): (refusal: Refusal) => boolean {
  const part = subject.toLowerCase();
  return (one) => one.meetupId.startsWith(meetup) && one.subject.toLowerCase().includes(part);
}

/** The failure of a replica that keeps no memory. */
export function historyOff(): Fault {
  const message = 'this replica remembers nothing of what happened: it was started with --history-memory 0';
  return new Fault(Code.FAILED_PRECONDITION, 'HISTORY_OFF', message);
}

function traceIn(text: string): string {
  const trace = text.toLowerCase();
  if (trace !== '' && !TRACE_ID.test(trace)) throw badField('trace_id', 'must be 32 hex digits');
  return trace;
}
