import type { Peer } from '../session/peer.js';
import { errorOfStatus, type Outcome, outcomes } from '../wire/invocation.js';
import { parseTraceparent, type TraceContext } from '../wire/trace-context.js';
import { peerTime, proxyTime } from './invocation-counts.js';
import { type Calls, type Detail, type Invocation, NOT_YET } from './invocation-table.js';
import type { SpanAttribute } from './span-attributes.js';
import type { FinishedSpan } from './span-sink.js';

/** Longest subject and longest messageType on a span, in characters. */
const MAX_SUBJECT_CHARS = 256;
const MAX_TYPE_CHARS = 128;

/** A finished invocation with what its readers need beside it. Milliseconds; `startedAt` is of the wall clock. */
export interface FinishedInvocation {
  readonly invocation: Invocation;
  readonly detail: Detail;
  readonly outcome: Outcome;
  /** Label of the close table, where a session’s end was the invocation’s. */
  readonly ending: string | undefined;
  readonly startedAt: number;
  /** Steady clock. */
  readonly endedAt: number;
}

type Attributes = Partial<Record<SpanAttribute, string | number>>;

/** The SERVER span of an invocation; of an orphan response, the INTERNAL span that shows it. */
export function invocationSpan(call: FinishedInvocation): FinishedSpan {
  const { invocation: one, detail, outcome } = call;
  const orphan = outcome === 'orphan_response';
  const type = outcomes[outcome].error ? outcome : responseError(one, outcome);
  const attributes = orphan ? orphanAttributes(call) : serverAttributes(call);
  if (type !== undefined) attributes['error.type'] = type;
  return {
    name: orphan ? 'orphan_response' : nameOf(one),
    kind: orphan ? 'internal' : 'server',
    own: detail.own,
    parent: detail.parent,
    local: false,
    links: [upgradeOf(one.requester), detail.claimed].filter(isPresent),
    startedAt: call.startedAt,
    endedAt: call.startedAt + call.endedAt - one.started,
    error: type !== undefined,
    attributes,
  };
}

/** The CLIENT child: from the request’s leaving to the response’s arrival. Undefined when the request never left. */
export function clientSpan(call: FinishedInvocation): FinishedSpan | undefined {
  const { invocation: one, detail, outcome } = call;
  if (detail.client === undefined || one.forwarded === NOT_YET) return undefined;
  const until = one.responded === NOT_YET ? call.endedAt : one.responded;
  const type = outcomes[outcome].error ? outcome : clientError(one);
  const attributes: Attributes = { 'http.request.method': one.method, 'network.protocol.name': 'websocket' };
  if (one.status !== undefined) attributes['http.response.status_code'] = one.status;
  if (type !== undefined) attributes['error.type'] = type;
  sessionAttributes(attributes, one.calls, one.requester);
  return {
    name: nameOf(one),
    kind: 'client',
    own: { ...detail.own, spanId: detail.client },
    parent: detail.own,
    local: true,
    links: [],
    startedAt: call.startedAt + one.forwarded - one.started,
    endedAt: call.startedAt + until - one.started,
    error: type !== undefined,
    attributes,
  };
}

/** The span of an event: a moment, since nothing answers it. */
export function eventSpan(
  calls: Calls,
  sender: Peer,
  own: TraceContext,
  at: number,
  type: string,
  bytes: number,
): FinishedSpan {
  const attributes: Attributes = {
    'ws_proxy.message.type': type.slice(0, MAX_TYPE_CHARS),
    'ws_proxy.message.size': bytes,
  };
  sessionAttributes(attributes, calls, sender);
  return {
    name: 'event',
    kind: 'internal',
    own,
    parent: undefined,
    local: false,
    links: [upgradeOf(sender)].filter(isPresent),
    startedAt: at,
    endedAt: at,
    error: false,
    attributes,
  };
}

function serverAttributes({ invocation: one, detail, outcome, ending, endedAt }: FinishedInvocation): Attributes {
  const attributes: Attributes = {
    'http.request.method': one.method,
    'url.path': detail.path,
    'url.scheme': 'https',
    'network.protocol.name': 'websocket',
    'ws_proxy.outcome': outcome,
    'ws_proxy.request.size': one.requestBytes,
    'ws_proxy.proxy.duration': proxyTime(one, endedAt) / 1000,
    'ws_proxy.peer.duration': peerTime(one, endedAt) / 1000,
  };
  if (detail.methodText !== undefined) attributes['http.request.method_original'] = detail.methodText;
  if (detail.query !== '') attributes['url.query'] = detail.query;
  if (one.route !== undefined) attributes['http.route'] = one.route;
  if (ending !== undefined) attributes['ws_proxy.ending'] = ending;
  if (one.requester.admission.remote !== '') attributes['client.address'] = one.requester.admission.remote;
  if (one.responded !== NOT_YET) attributes['ws_proxy.response.size'] = one.responseBytes;
  if (one.status !== undefined) attributes['http.response.status_code'] = one.status;
  if (one.id !== undefined) attributes['ws_proxy.message.id'] = String(one.id);
  sessionAttributes(attributes, one.calls, one.requester);
  return attributes;
}

function orphanAttributes({ invocation: one, outcome }: FinishedInvocation): Attributes {
  const attributes: Attributes = { 'ws_proxy.outcome': outcome, 'ws_proxy.response.size': one.responseBytes };
  if (one.status !== undefined) attributes['http.response.status_code'] = one.status;
  if (one.id !== undefined) attributes['ws_proxy.message.id'] = String(one.id);
  sessionAttributes(attributes, one.calls, one.requester);
  return attributes;
}

/** Few and short, since each costs the exporter of a fully sampled service; peerIds and fingerprints are in the log, by session. */
function sessionAttributes(attributes: Attributes, calls: Calls, requester: Peer): void {
  const responder = requester === calls.first ? calls.second : calls.first;
  attributes['ws_proxy.session.id'] = calls.session.uid;
  attributes['ws_proxy.meetup.id'] = calls.session.meetupId;
  attributes['ws_proxy.requester.role'] = requester.admission.role;
  attributes['ws_proxy.requester.subject'] = requester.admission.identity.subject.slice(0, MAX_SUBJECT_CHARS);
  attributes['ws_proxy.responder.role'] = responder.admission.role;
  attributes['ws_proxy.responder.subject'] = responder.admission.identity.subject.slice(0, MAX_SUBJECT_CHARS);
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

const upgrades = new WeakMap<Peer, TraceContext | undefined>();

/** The edge’s span of the connection; one that never ends until the connection does, hence a link and not the parent. */
function upgradeOf(peer: Peer): TraceContext | undefined {
  if (!upgrades.has(peer)) upgrades.set(peer, parseTraceparent(peer.admission.traceparent));
  return upgrades.get(peer);
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
