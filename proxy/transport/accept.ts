import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket as RawSocket } from 'node:net';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { Socket } from '../ports/socket.js';
import { AcceptedConnection, type ConnectionParts } from './accepted-connection.js';
import { REQUEST_ID } from './request-id.js';

export interface TransportBounds {
  /** Largest message, bytes. */
  readonly maxMessageBytes: number;
  /** Largest HELLO, bytes; before a pair is complete, a message longer than `GREETING_SHARE` times this is not even read. */
  readonly helloMaxBytes: number;
  /** Most fragments of one message. */
  readonly maxFragments: number;
  /** Time for the answer to a close frame, milliseconds. */
  readonly closeTimeout: number;
}

/** Pieces of input that ws may hold for one message before it gives up: this bounds an attack by tiny writes. */
const MAX_BUFFERED_CHUNKS = 16_384;
/** Automatic pongs that may wait to be written; a peer that floods pings is cut off. */
const MAX_PENDING_PONGS = 60;

/** The first message may be this many times as long as a HELLO, so that a HELLO that is a little too long is refused in words. */
const GREETING_SHARE = 2;

/** Completes an upgrade that the edge has approved: it sends the 101. Returns undefined when the client has gone. */
export type Accept = (request: IncomingMessage, raw: RawSocket, head: Buffer) => Socket | undefined;

/** Stands in for the websocket that ws would make for an upgrade that it has answered. */
class Placeholder {
  setSocket(raw: RawSocket, head: Buffer): void {
    raw.setTimeout(0);
    raw.setNoDelay();
    if (head.length > 0) raw.unshift(head);
  }
}

/**
 * Makes the server's side of ws. permessage-deflate is never agreed to: a shared compressor leaks across messages (CRIME), and a bomb
 * of a few KiB inflates to the limit. Clients that offer it go on without it.
 *
 * @param beforeReading called before each piece of input of a connection is handled; it may pause the connection
 */
export function acceptor(bounds: TransportBounds, beforeReading: () => void = () => {}): Accept {
  const server = new WebSocketServer({
    noServer: true,
    WebSocket: Placeholder,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: bounds.maxMessageBytes,
    maxFragments: bounds.maxFragments,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    maxPendingAutoPongs: MAX_PENDING_PONGS,
    closeTimeout: bounds.closeTimeout,
  } as unknown as ServerOptions);
  // The edge's name for the connection, by which log, audit and control API know it: a client can hand it over.
  server.on('headers', (headers, { headers: asked }) => {
    const id = asked['x-request-id'];
    if (typeof id === 'string' && REQUEST_ID.test(id)) headers.push(`x-request-id: ${id}`);
  });
  const { options } = server as unknown as { readonly options: object };
  const parts: ConnectionParts = {
    maxMessageBytes: bounds.maxMessageBytes,
    maxGreetingBytes: Math.min(GREETING_SHARE * bounds.helloMaxBytes, bounds.maxMessageBytes),
    closeTimeout: bounds.closeTimeout,
    beforeReading,
    options,
  };
  return (request, raw, head) => {
    offerFirst(request);
    let accepted: AcceptedConnection | undefined;
    server.handleUpgrade(request, raw, head, () => {
      accepted = new AcceptedConnection(raw, parts);
      compact(raw);
    });
    return accepted;
  };
}

/** The first subprotocol of a list, with what may stand before it; no match where no list begins (RFC 6455 §4.1, RFC 9110 §5.6). */
const FIRST_PROTOCOL = /^[\s,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:,|$)/;

/**
 * Keeps only the first of the subprotocols that a client offers, so that it is agreed to [REFUSE-5]: many clients hang up without one.
 * A header that is no list counts as no offer; ws would refuse the upgrade for it.
 */
function offerFirst({ headers }: IncomingMessage): void {
  const offered = headers['sec-websocket-protocol'];
  if (offered === undefined) return;
  const [, first] = FIRST_PROTOCOL.exec(offered) ?? [];
  if (first === undefined) delete headers['sec-websocket-protocol'];
  else headers['sec-websocket-protocol'] = first;
}

/**
 * Sets a connection's listeners anew, in their order. The table of listeners grew for those of HTTP, which have left, and would keep
 * its size for the life of the connection: 800 bytes. The methods are those of EventEmitter, because the stream's own would start its
 * flow.
 */
function compact(raw: RawSocket): void {
  const { on, removeAllListeners } = EventEmitter.prototype;
  const kept = raw.eventNames().map((name) => ({ name, listeners: raw.rawListeners(name) }));
  removeAllListeners.call(raw);
  for (const { name, listeners } of kept) {
    for (const listener of listeners) on.call(raw, name, listener as () => void);
  }
}
