import type { RelayedPeer, RelayedSession } from '../../session/life/message-observer.js';
import { parseTraceparent, type TraceContext } from '../../wire/trace-context.js';
import type { SpanAttributes, SpanKind } from './span-attributes.js';

/** Longest subject on a span, in characters. */
const MAX_SUBJECT_CHARS = 256;

/** The attributes and links that all spans of one kind share in one direction of a session. */
export class SpanBase {
  readonly attributes: SpanAttributes;
  readonly links: readonly TraceContext[];
  /** The part in an exporter's own form; the exporter makes it for the first span and keeps it here. */
  encoded: EncodedBase | undefined;

  constructor(attributes: SpanAttributes, links: readonly TraceContext[]) {
    this.attributes = attributes;
    this.links = links;
  }
}

/** A session's part of a span, encoded in OTLP's protobuf. */
export interface EncodedBase {
  readonly bytes: Uint8Array;
  /** Position in `bytes` at which the attributes end and the links begin. */
  readonly linksAt: number;
}

/** The parts of one direction of a session, each made with the first span of its kind. */
export class SpanBases {
  readonly #session: RelayedSession;
  readonly #requester: RelayedPeer;
  readonly #responder: RelayedPeer;
  readonly #bases: { [kind in SpanKind]?: SpanBase } = {};

  constructor(session: RelayedSession, requester: RelayedPeer, responder: RelayedPeer) {
    this.#session = session;
    this.#requester = requester;
    this.#responder = responder;
  }

  of(kind: SpanKind): SpanBase {
    const base = this.#bases[kind] ?? this.#make(kind);
    this.#bases[kind] = base;
    return base;
  }

  #make(kind: SpanKind): SpanBase {
    return new SpanBase({ ...this.#ofKind(kind), ...this.#ofAll() }, this.#links(kind));
  }

  #ofKind(kind: SpanKind): SpanAttributes {
    if (kind === 'internal') return {};
    if (kind === 'client') return { 'network.protocol.name': 'websocket' };
    const { remote, via } = this.#requester.admission;
    return {
      'url.scheme': 'https',
      'network.protocol.name': 'websocket',
      'client.address': remote === '' ? undefined : remote,
      'ws_proxy.requester.via': via,
      'ws_proxy.responder.via': this.#responder.admission.via,
    };
  }

  /** These attributes are few and short, since a fully sampled service pays for each. The log has peerIds and fingerprints, by session. */
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

  /** Links to the edge's span of the connection. That span ends only with the connection, so it is linked and not the parent. */
  #links(kind: SpanKind): TraceContext[] {
    const upgrade = parseTraceparent(this.#requester.admission.traceparent);
    return kind === 'client' || upgrade === undefined ? [] : [upgrade];
  }
}
