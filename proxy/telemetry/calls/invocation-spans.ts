import type { RelayedPeer } from '../../session/life/message-observer.js';
import { errorOfStatus, type Outcome, outcomes } from '../../wire/invocation.js';
import type { TraceContext } from '../../wire/trace-context.js';
import { peerTime, proxyTime } from './invocation-counts.js';
import { type Invocation, type InvocationDetail, NOT_YET, type SessionCalls } from './invocation-table.js';
import type { SpanAttributes } from './span-attributes.js';
import type { FinishedSpan } from './span-sink.js';

/** Longest messageType on a span, in characters. */
const MAX_TYPE_CHARS = 128;

/** A finished invocation, and the facts that its readers need beside it. Milliseconds; `startedAt` is of the wall clock. */
export interface FinishedInvocation {
  readonly invocation: Invocation;
  readonly detail: InvocationDetail;
  readonly outcome: Outcome;
  /** Label of the close table, where the end of the session ended the invocation. */
  readonly ending: string | undefined;
  readonly startedAt: number;
  /** Steady clock. */
  readonly endedAt: number;
}

/** The SERVER span of an invocation, or the INTERNAL span of an orphan response. */
export function invocationSpan(call: FinishedInvocation): FinishedSpan {
  const { invocation: one, detail, outcome } = call;
  const orphan = outcome === 'orphan_response';
  const type = outcomes[outcome].error ? outcome : responseError(one, outcome);
  const kind = orphan ? 'internal' : 'server';
  const session = one.calls.basesOf(one.requester).of(kind);
  return {
    name: orphan ? 'orphan_response' : nameOf(one),
    kind,
    own: detail.own,
    parent: detail.parent,
    local: false,
    links: detail.claimed === undefined ? session.links : [...session.links, detail.claimed],
    startedAt: call.startedAt,
    endedAt: call.startedAt + call.endedAt - one.started,
    error: type !== undefined,
    attributes: orphan ? orphanAttributes(call, type) : serverAttributes(call, type),
    session,
  };
}

/** The CLIENT child: from the request's leaving to the response's arrival. Undefined when the request never left. */
export function clientSpan(call: FinishedInvocation): FinishedSpan | undefined {
  const { invocation: one, detail, outcome } = call;
  if (detail.client === undefined || one.forwarded === NOT_YET) return undefined;
  const until = one.responded === NOT_YET ? call.endedAt : one.responded;
  const type = outcomes[outcome].error ? outcome : clientError(one);
  const session = one.calls.basesOf(one.requester).of('client');
  return {
    name: nameOf(one),
    kind: 'client',
    own: { ...detail.own, spanId: detail.client },
    parent: detail.own,
    local: true,
    links: session.links,
    startedAt: call.startedAt + one.forwarded - one.started,
    endedAt: call.startedAt + until - one.started,
    error: type !== undefined,
    attributes: {
      'http.request.method': one.method,
      'http.response.status_code': one.status,
      'error.type': type,
    },
    session,
  };
}

/** The span of an event. It has no duration, since nothing answers an event. */
export function eventSpan(
  calls: SessionCalls,
  sender: RelayedPeer,
  own: TraceContext,
  at: number,
  type: string,
  bytes: number,
): FinishedSpan {
  const session = calls.basesOf(sender).of('internal');
  return {
    name: 'event',
    kind: 'internal',
    own,
    parent: undefined,
    local: false,
    links: session.links,
    startedAt: at,
    endedAt: at,
    error: false,
    attributes: { 'ws_proxy.message.type': type.slice(0, MAX_TYPE_CHARS), 'ws_proxy.message.size': bytes },
    session,
  };
}

function serverAttributes(call: FinishedInvocation, type: string | undefined): SpanAttributes {
  const { invocation: one, detail, endedAt } = call;
  return {
    'http.request.method': one.method,
    'http.request.method_original': detail.methodText,
    'url.path': detail.path,
    'url.query': present(detail.query),
    'http.route': one.route,
    'http.response.status_code': one.status,
    'error.type': type,
    'ws_proxy.outcome': call.outcome,
    'ws_proxy.ending': call.ending,
    'ws_proxy.message.id': textOf(one.id),
    'ws_proxy.request.size': one.requestBytes,
    'ws_proxy.response.size': one.responded === NOT_YET ? undefined : one.responseBytes,
    'ws_proxy.proxy.duration': proxyTime(one, endedAt) / 1000,
    'ws_proxy.peer.duration': peerTime(one, endedAt) / 1000,
  };
}

function orphanAttributes({ invocation: one, outcome }: FinishedInvocation, type: string | undefined): SpanAttributes {
  return {
    'http.response.status_code': one.status,
    'error.type': type,
    'ws_proxy.outcome': outcome,
    'ws_proxy.message.id': textOf(one.id),
    'ws_proxy.response.size': one.responseBytes,
  };
}

/** `{method}` or `{method} {route}`; never the path (HTTP semantic conventions, span name). */
function nameOf({ method, route }: Invocation): string {
  const verb = method === '_OTHER' ? 'HTTP' : method;
  return route === undefined ? verb : `${verb} ${route}`;
}

function responseError(one: Invocation, outcome: Outcome): string | undefined {
  return outcome === 'one_way' ? undefined : errorOfStatus(one.status);
}

function clientError({ status }: Invocation): string | undefined {
  return status === undefined || status >= 400 ? String(status ?? '_OTHER') : undefined;
}

function present(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function textOf(id: Invocation['id']): string | undefined {
  return id === undefined ? undefined : String(id);
}
