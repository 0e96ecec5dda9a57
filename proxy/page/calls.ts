import type { CallDetail, CallList, Invocation } from '../../page/answer-past.js';
import type { MeetupRecord } from '../history/meetup-record.js';
import type { Memory } from '../history/memory.js';
import { newestOf } from '../history/newest.js';
import type { KeptCall } from '../history/records.js';
import { leisure } from '../ports/leisure.js';
import { outcomes } from '../wire/invocation.js';
import type { Question } from './question.js';

/** Most calls in an answer. */
export const SHOWN_CALLS = 300;
/** Longest path in a list, in characters; the detail has all that is remembered. */
const MAX_LISTED_CHARS = 200;

type CallQuestion = Pick<Question, 'calls' | 'failure' | 'from' | 'to'>;

/**
 * The newest calls that fit, oldest first as they are drawn, and how many there are of which kind.
 * @param isGone whether nobody waits for them any more: the search then ends early
 */
export async function callList(
  memory: Memory | undefined,
  question: CallQuestion,
  isGone?: () => boolean,
): Promise<CallList> {
  if (memory === undefined) return { items: [], fitting: 0, kept: 0, since: null };
  const { kept } = extentOf(memory);
  const { items, fitting = kept } = await newestOf<KeptCall>(memory, {
    lists: listsOf(question),
    fits: testOf(question),
    at: ({ sequence }) => sequence,
    most: SHOWN_CALLS,
    pause: leisure,
    isGone,
  });
  return { items: items.toReversed().map(callRow), fitting, kept, since: memory.since };
}

/** Differs whenever the list of calls can have changed: one was added or forgotten. Empty where nothing is remembered. */
export function callsMark(memory: Memory | undefined): string {
  if (memory === undefined) return '';
  const { newest, kept } = extentOf(memory);
  return `${newest}.${kept}`;
}

/** How many calls are kept, and the number of the newest. */
function extentOf(memory: Memory): { readonly kept: number; readonly newest: number } {
  let kept = 0;
  let newest = 0;
  for (const { calls, failures } of memory.records()) {
    kept += calls.size + failures.size;
    newest = Math.max(newest, calls.newest?.sequence ?? 0, failures.newest?.sequence ?? 0);
  }
  return { kept, newest };
}

function listsOf({ failure }: CallQuestion) {
  return failure === 'any'
    ? ({ calls, failures }: MeetupRecord) => [calls, failures]
    : ({ failures }: MeetupRecord) => [failures];
}

function testOf({ calls: text, failure, from, to }: CallQuestion): ((call: KeptCall) => boolean) | undefined {
  if (text === '' && failure === 'any' && from === 0 && to === 0) return undefined;
  return (call) => {
    if (call.start < from || (to > 0 && call.start > to)) return false;
    if (failure !== 'any' && !isOf(call, failure)) return false;
    return text === '' || textOf(call).includes(text);
  };
}

function isOf({ failure }: KeptCall, wanted: CallQuestion['failure']): boolean {
  return wanted === 'errors' ? failure !== undefined && failure !== 'answered_4xx' : failure === wanted;
}

/** What a search looks at; the page says so, in the words of `searched` in page/calls.ts. */
function textOf(call: KeptCall): string {
  const { method, path, status, outcome, failure, traceId, claimedTraceId, meetupId, session } = call;
  return [method, path, status, outcome, failure, traceId, claimedTraceId, meetupId, session].join(' ').toLowerCase();
}

/** Shows a call as a row of a list. */
export function callRow(call: KeptCall): Invocation {
  return { ...callView(call), path: call.path.slice(0, MAX_LISTED_CHARS) };
}

function callView(one: KeptCall): Invocation {
  const { sequence, start, method, path, status, outcome, failure, traceId, meetupId } = one;
  const { requestProxyMs, peerMs, responseProxyMs } = one;
  return {
    ...{ sequence, start, method, path, status: status ?? null, outcome, failure: failure ?? null },
    ...{ requestProxyMs, peerMs, responseProxyMs, traceId, meetupId },
  };
}

/**
 * Shows the call of a trace with all that is remembered of it, the newest where a trace has several; undefined while none is kept.
 * @param isGone whether nobody waits for it any more: the search then ends early
 */
export async function callDetail(
  memory: Memory | undefined,
  traceId: string,
  isGone?: () => boolean,
): Promise<CallDetail | undefined> {
  if (memory === undefined) return undefined;
  const { items } = await newestOf<KeptCall>(memory, {
    lists: ({ calls, failures }) => [calls, failures],
    fits: (call) => call.traceId === traceId || call.claimedTraceId === traceId,
    at: ({ sequence }) => sequence,
    most: MAX_OF_TRACE,
    pause: leisure,
    isGone,
  });
  const [one] = items;
  if (one === undefined) return undefined;
  const record = memory.of(one.meetupId);
  const subjectOf = (peer: string): string => (record === undefined ? '' : subjectIn(record, peer));
  return {
    invocation: callView(one),
    others: items.slice(1).map(callRow),
    meaning: outcomes[one.outcome].meaning,
    ending: one.ending,
    session: one.session,
    requester: { role: one.requester, subject: subjectOf(one.requesterPeer) },
    responder: { role: one.responder, subject: subjectOf(one.responderPeer) },
    query: one.query,
    requestBytes: one.requestBytes,
    responseBytes: one.responseBytes,
    claimedTraceId: one.claimedTraceId,
    spanId: one.spanId,
    parentSpanId: one.parentSpanId === '' ? null : one.parentSpanId,
    isExported: one.isSampled,
  };
}

/** Most calls of one trace that are shown. */
const MAX_OF_TRACE = 20;

/** The certificate by which that peer came; empty where it is forgotten. */
function subjectIn({ present, past }: MeetupRecord, peer: string): string {
  const visit = present.get(peer) ?? past.items.find((one) => one.peer === peer);
  return visit?.identity.subject ?? '';
}
