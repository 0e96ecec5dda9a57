import type { KeptCall, Refusal as KeptRefusal, Visit as KeptVisit } from '../../history/records.js';
import type { CallTotals } from '../../telemetry/calls/call-totals.js';
import { endings } from '../../wire/close.js';
import { outcomes } from '../../wire/invocation.js';
import { traceLink } from '../../wire/trace-id.js';
import type { Call } from '../generated/micronets/wsproxy/control/v1/Call.js';
import type { CallSummary } from '../generated/micronets/wsproxy/control/v1/CallSummary.js';
import type { Refusal } from '../generated/micronets/wsproxy/control/v1/Refusal.js';
import type { Visit } from '../generated/micronets/wsproxy/control/v1/Visit.js';
import { duration, timestamp } from '../rpc/times.js';

/** Meaning of the one refusal that is not in the table of endings: the edge knows more than its word for it. */
export const HANDSHAKE_MEANING =
  'The edge ended the TLS handshake: no certificate, or one that is revoked, out of its time, or of a CA that is not trusted here.';

export function visitResource(visit: KeptVisit, replica: string): Visit {
  const { identity, met, went, label } = visit;
  return {
    peer_uid: visit.peer,
    meetup_id: visit.meetupId,
    replica,
    role: visit.role,
    rule: visit.rule,
    subject: identity.subject,
    fingerprint: identity.fingerprint,
    remote_address: visit.remote,
    via: visit.via,
    peer_class: visit.peerClass,
    peer_id: visit.peerId,
    session_uid: visit.session,
    come_time: timestamp(visit.came),
    meet_time: met === undefined ? null : timestamp(met),
    go_time: went === undefined ? null : timestamp(went),
    ending: label === undefined ? null : { label, code: endings[label].code, text: visit.text },
    meaning: label === undefined ? '' : endings[label].meaning,
  };
}

export function refusalResource(refusal: KeptRefusal, replica: string): Refusal {
  const { label } = refusal;
  return {
    reason: label,
    status_code: refusal.status,
    detail: refusal.detail,
    meaning: label === 'tls_handshake' ? HANDSHAKE_MEANING : endings[label].meaning,
    meetup_id: refusal.meetupId,
    target: refusal.target,
    subject: refusal.subject,
    fingerprint: refusal.fingerprint,
    verified: refusal.identity !== undefined,
    remote_address: refusal.remote,
    times: refusal.times,
    first_time: timestamp(refusal.first),
    last_time: timestamp(refusal.last),
    replica,
  };
}

/** Where a call is told: the replica, and its template of links to traces. */
export interface CallPlace {
  readonly replica: string;
  readonly traceLink?: string | undefined;
}

export function callResource(call: KeptCall, { replica, traceLink: template }: CallPlace): Call {
  return {
    trace_id: call.traceId,
    claimed_trace_id: call.claimedTraceId,
    session_uid: call.session,
    meetup_id: call.meetupId,
    replica,
    start_time: timestamp(call.start),
    method: call.method,
    path: call.path,
    status_code: call.status ?? 0,
    outcome: call.outcome,
    failure: call.failure ?? '',
    meaning: outcomes[call.outcome].meaning,
    ending: call.ending,
    proxy_latency: duration(call.requestProxyMs + call.responseProxyMs),
    peer_latency: duration(call.peerMs),
    requester_role: call.requester,
    responder_role: call.responder,
    request_bytes: call.requestBytes,
    response_bytes: call.responseBytes,
    trace_url: traceLink(template, call.traceId),
  };
}

export function summaryResource(totals: CallTotals): CallSummary {
  const { answered, failed } = totals;
  const mean = (total: number) => (answered === 0 ? null : duration(total / answered));
  const most = (ms: number) => (answered === 0 ? null : duration(ms));
  return {
    calls: totals.calls,
    ...failed,
    answered,
    mean_proxy_latency: mean(totals.proxyTotal),
    max_proxy_latency: most(totals.proxyMost),
    mean_peer_latency: mean(totals.peerTotal),
    max_peer_latency: most(totals.peerMost),
  };
}
