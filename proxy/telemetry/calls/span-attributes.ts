interface AttributeRow {
  readonly on: string;
  readonly help: string;
}

const EVERY = 'every span';
const SERVER = 'SERVER';

/** The table of all span attributes. Names are those of the HTTP semantic conventions (1.44), or begin with `ws_proxy.`. */
export const spanAttributes = {
  'http.request.method': { on: 'SERVER, CLIENT', help: 'The method; `_OTHER` when it is none of the known ones.' },
  'http.request.method_original': {
    on: SERVER,
    help: 'The method as the peer wrote it, where `http.request.method` is `_OTHER`.',
  },
  'url.path': { on: SERVER, help: 'The path without its query, cut to 1,024 characters.' },
  'url.query': {
    on: SERVER,
    help: 'The query of the path and of queryStrings in one, values of secrets `REDACTED`, cut to 1,024 characters.',
  },
  'url.scheme': { on: SERVER, help: 'Always `https`: peers reach the proxy over TLS.' },
  'http.route': { on: SERVER, help: 'The configured template that the path matches.' },
  'http.response.status_code': { on: 'SERVER, CLIENT, orphan_response', help: 'statusCode of the response.' },
  'error.type': {
    on: EVERY,
    help: 'The status from 500 up (CLIENT: from 400 up), `_OTHER` for a response without one, else the outcome; absent when all went well.',
  },
  'network.protocol.name': { on: 'SERVER, CLIENT', help: 'Always `websocket`.' },
  'client.address': { on: SERVER, help: 'Address of the requester as the edge saw it.' },
  'ws_proxy.outcome': { on: 'SERVER, orphan_response', help: 'How the invocation ended; one of the list below.' },
  'ws_proxy.ending': { on: SERVER, help: 'Label of the close table, where the session’s end was the invocation’s.' },
  'ws_proxy.session.id': { on: EVERY, help: 'The session, as logs and the control API name it.' },
  'ws_proxy.meetup.id': { on: EVERY, help: 'The meetup id, as the peers requested it.' },
  'ws_proxy.message.id': { on: 'SERVER, orphan_response', help: 'messageId of the request.' },
  'ws_proxy.message.type': { on: 'event', help: 'messageType of the event, cut to 128 characters.' },
  'ws_proxy.message.size': { on: 'event', help: 'Bytes of the message.' },
  'ws_proxy.request.size': { on: SERVER, help: 'Bytes of the request’s message.' },
  'ws_proxy.response.size': { on: 'SERVER, orphan_response', help: 'Bytes of the response’s message.' },
  'ws_proxy.proxy.duration': {
    on: SERVER,
    help: 'Seconds that the two messages spent within the proxy, from their arrival until the far connection had taken them.',
  },
  'ws_proxy.peer.duration': {
    on: SERVER,
    help: 'Seconds from the request’s leaving to the response’s arrival: the responder, and the network to it and back.',
  },
  'ws_proxy.requester.role': {
    on: EVERY,
    help: 'Role that the policy gave the sender of the request, or of the event.',
  },
  'ws_proxy.requester.subject': { on: EVERY, help: 'Subject of that peer’s certificate, cut to 256 characters.' },
  'ws_proxy.requester.via': {
    on: SERVER,
    help: 'The run of the replica on which that peer landed, where it was handed on by that one.',
  },
  'ws_proxy.responder.role': { on: EVERY, help: 'Role that the policy gave the other peer.' },
  'ws_proxy.responder.subject': { on: EVERY, help: 'Subject of the other peer’s certificate, cut to 256 characters.' },
  'ws_proxy.responder.via': { on: SERVER, help: 'The same of the other peer.' },
} as const satisfies Record<string, AttributeRow>;

export type SpanAttribute = keyof typeof spanAttributes;

/** Attributes of one span. Absent attributes are undefined, so that spans of a kind have one shape and are cheap to make and read. */
export type SpanAttributes = { readonly [name in SpanAttribute]?: string | number | boolean | undefined };

/** The kinds of spans that the service makes, as OpenTelemetry names them. */
export type SpanKind = 'server' | 'client' | 'internal';
