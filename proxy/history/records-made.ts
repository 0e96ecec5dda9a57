import type { PeerView } from '../session/views/view.js';
import { peerTime, proxyTime } from '../telemetry/calls/invocation-counts.js';
import type { FinishedInvocation } from '../telemetry/calls/invocation-spans.js';
import { NOT_YET } from '../telemetry/calls/invocation-table.js';
import { failureClassOf } from '../wire/invocation.js';
import { type KeptCall, MAX_TEXT_CHARS, type Visit } from './records.js';

/** Makes the record of a connection that was admitted. */
export function visitOf(sequence: number, view: PeerView): Visit {
  return {
    sequence,
    peer: view.uid,
    meetupId: view.meetupId,
    role: view.role,
    rule: view.rule,
    identity: view.identity,
    remote: cut(view.remote),
    via: view.via,
    came: view.connectedAt,
    peerClass: cut(view.peerClass),
    peerId: cut(view.peerId),
    session: view.sessionUid,
    met: undefined,
    went: undefined,
    label: undefined,
    text: '',
  };
}

/** Makes the record of a call that ended. */
export function keptCallOf(sequence: number, call: FinishedInvocation): KeptCall {
  const { invocation: one, detail, outcome, startedAt, endedAt } = call;
  const { uid, meetupId } = one.calls.session;
  const responseProxyMs = one.responded === NOT_YET ? 0 : endedAt - one.responded;
  return {
    sequence,
    traceId: detail.own.traceId,
    spanId: detail.own.spanId,
    parentSpanId: detail.parent?.spanId ?? '',
    isSampled: detail.own.sampled,
    claimedTraceId: detail.claimed?.traceId ?? '',
    session: uid,
    meetupId,
    start: startedAt,
    method: detail.methodText ?? one.method,
    path: cut(detail.path),
    query: cut(detail.query),
    status: one.status,
    outcome,
    failure: failureClassOf(outcome, one.status),
    ending: call.ending ?? '',
    requestProxyMs: proxyTime(one, endedAt) - responseProxyMs,
    peerMs: peerTime(one, endedAt),
    responseProxyMs,
    requester: one.requester.admission.role,
    responder: one.responder.admission.role,
    requesterPeer: one.requester.uid,
    responderPeer: one.responder.uid,
    requestBytes: one.requestBytes,
    responseBytes: one.responseBytes,
  };
}

/** Cuts a text. The cut is flat: a slice would keep the whole text alive. */
export function cut(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  return `${Buffer.from(text.slice(0, MAX_TEXT_CHARS - 1)).toString()}…`;
}
