import type { InvocationDetail, Invocation as InvocationView } from '../../page/answer.js';
import { attributesOf } from '../telemetry/calls/span-sink.js';
import { failureClassOf, outcomes } from '../wire/invocation.js';
import type { RecentInvocation } from './recent.js';

/** Longest path in the list, in characters; the detail has all that is remembered. */
const MAX_LISTED_CHARS = 200;

/** Shows an invocation as a row of the list. */
export function invocationRow(one: RecentInvocation): InvocationView {
  return { ...invocationView(one), path: one.path.slice(0, MAX_LISTED_CHARS) };
}

/** Shows an invocation with its span. */
export function invocationDetail(one: RecentInvocation): InvocationDetail {
  const { requesterRole, responderRole, query, requestBytes, responseBytes, sampled, span } = one;
  const { name, kind, own, parent, links } = span;
  return {
    invocation: invocationView(one),
    meaning: outcomes[one.outcome].meaning,
    requesterRole,
    responderRole,
    query,
    requestBytes,
    responseBytes,
    isExported: sampled,
    span: {
      name,
      kind,
      traceId: own.traceId,
      spanId: own.spanId,
      parentSpanId: parent?.spanId ?? null,
      links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
      attributes: attributesOf(span),
    },
  };
}

function invocationView(one: RecentInvocation): InvocationView {
  const { sequence, start, method, path, status, outcome, traceId, meetupId } = one;
  const { requestProxyMs, peerMs, responseProxyMs } = one;
  const failure = failureClassOf(outcome, status) ?? null;
  return {
    ...{ sequence, start, method, path, status: status ?? null, outcome, failure },
    ...{ requestProxyMs, peerMs, responseProxyMs, traceId, meetupId },
  };
}
