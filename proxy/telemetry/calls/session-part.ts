import type { RelayedPeer, RelayedSession } from '../../session/life/ports.js';
import { parseTraceparent, type TraceContext } from '../../wire/trace-context.js';
import type { SpanAttributes, SpanKind } from './span-attributes.js';

/** Longest subject on a span, in characters. */
const MAX_SUBJECT_CHARS = 256;

/** What all spans of one kind, of one direction of a session, have in common. */
export class SessionPart {
  readonly attributes: SpanAttributes;
  readonly links: readonly TraceContext[];
  /** The same as an exporter writes it, which it makes of the first span and keeps here. */
  encoded: EncodedPart | undefined;

  constructor(attributes: SpanAttributes, links: readonly TraceContext[]) {
    this.attributes = attributes;
    this.links = links;
  }
}

/** A session’s part of a span as OTLP’s protobuf has it. */
export interface EncodedPart {
  readonly bytes: Uint8Array;
  /** Where in them the attributes end and the links begin. */
  readonly linksAt: number;
}

/** The parts of one direction of a session, each made with the first span of its kind. */
export class SessionParts {
  readonly #session: RelayedSession;
  readonly #requester: RelayedPeer;
  readonly #responder: RelayedPeer;
  readonly #parts: { [kind in SpanKind]?: SessionPart } = {};

  constructor(session: RelayedSession, requester: RelayedPeer, responder: RelayedPeer) {
    this.#session = session;
    this.#requester = requester;
    this.#responder = responder;
  }

  of(kind: SpanKind): SessionPart {
    const part = this.#parts[kind] ?? this.#make(kind);
    this.#parts[kind] = part;
    return part;
  }

  #make(kind: SpanKind): SessionPart {
    return new SessionPart({ ...this.#ofKind(kind), ...this.#ofAll() }, this.#links(kind));
  }

  #ofKind(kind: SpanKind): SpanAttributes {
    if (kind === 'internal') return {};
    if (kind === 'client') return { 'network.protocol.name': 'websocket' };
    const { remote } = this.#requester.admission;
    return {
      'url.scheme': 'https',
      'network.protocol.name': 'websocket',
      'client.address': remote === '' ? undefined : remote,
    };
  }

  /** Few and short, since each costs the exporter of a fully sampled service; peerIds and fingerprints are in the log, by session. */
  #ofAll(): SpanAttributes {
    const [requester, responder] = [this.#requester.admission, this.#responder.admission];
    return {
      'ws_proxy.session.id': this.#session.uid,
      'ws_proxy.meetup.id': this.#session.meetupId,
      'ws_proxy.requester.role': requester.role,
      'ws_proxy.requester.subject': requester.identity.subject.slice(0, MAX_SUBJECT_CHARS),
      'ws_proxy.responder.role': responder.role,
      'ws_proxy.responder.subject': responder.identity.subject.slice(0, MAX_SUBJECT_CHARS),
    };
  }

  /** To the edge’s span of the connection: one that never ends until the connection does, hence a link and not the parent. */
  #links(kind: SpanKind): TraceContext[] {
    const upgrade = parseTraceparent(this.#requester.admission.traceparent);
    return kind === 'client' || upgrade === undefined ? [] : [upgrade];
  }
}
