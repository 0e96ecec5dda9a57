import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket as RawSocket } from 'node:net';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import type { Socket } from '../session/ports.js';
import { faultText } from './faults.js';
import { limitMessages } from './message-limit.js';
import { Outbox } from './outbox.js';
import { type Sender, type Wrapped, wrap } from './websocket.js';

export interface TransportBounds {
  /** Largest message, bytes. */
  readonly maxMessageBytes: number;
  /** Largest HELLO, bytes; until a pair is complete a message of more than `GREETING_SHARE` times that is not even read. */
  readonly helloMaxBytes: number;
  /** Most fragments of one message. */
  readonly maxFragments: number;
  /** Time for the answer to a close frame, milliseconds. */
  readonly closeTimeout: number;
}

/** Pieces of input that ws may hold for one message before it gives up, an attack by tiny writes bounded. */
const MAX_BUFFERED_CHUNKS = 16_384;
/** Automatic pongs that may wait to be written; a peer that floods pings is cut. */
const MAX_PENDING_PONGS = 60;

/** How much longer than a HELLO the first message may be: one that is a little too long is told so in words. */
const GREETING_SHARE = 2;

/** Completes an upgrade that the edge has approved: the 101 goes out here. Undefined when the client has gone. */
export type Accept = (request: IncomingMessage, raw: RawSocket, head: Buffer) => Socket | undefined;

/** ws closes a connection that broke a rule with a bare code; peers get the table’s text with it. */
class Spoken extends WebSocket {
  outbox: Outbox | undefined;

  /** Whoever closes, the library writes the close frame: what was sent before has to be written before it. */
  override close(code?: number, reason?: string | Buffer): void {
    this.outbox?.seal();
    super.close(code, reason ?? (code === undefined ? undefined : faultText(code)));
  }
}

/**
 * The server’s side of ws. permessage-deflate is never agreed to: a shared compressor leaks across messages (CRIME), and
 * a bomb of a few KiB inflates to the limit; clients that offer it go on without.
 */
export function acceptor(bounds: TransportBounds): Accept {
  const server = new WebSocketServer<typeof Spoken>({
    noServer: true,
    WebSocket: Spoken,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: bounds.maxMessageBytes,
    maxFragments: bounds.maxFragments,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    maxPendingAutoPongs: MAX_PENDING_PONGS,
    closeTimeout: bounds.closeTimeout,
  } as ServerOptions<typeof Spoken>);
  return (request, raw, head) => {
    let accepted: Wrapped | undefined;
    server.handleUpgrade(request, raw, head, (ws) => {
      limitMessages(ws, Math.min(GREETING_SHARE * bounds.helloMaxBytes, bounds.maxMessageBytes));
      const outward = (sender: Sender): Outbox => {
        ws.outbox = new Outbox(raw, sender);
        return ws.outbox;
      };
      accepted = wrap(ws, raw, outward, bounds.maxMessageBytes);
      accepted.divert(bounds.maxMessageBytes);
      compact(raw);
    });
    return accepted;
  };
}

/**
 * Sets a connection’s listeners anew, in their order. The table that holds them grew for those of HTTP, which have left, and would
 * keep its size for the life of the connection: 800 bytes. As of any emitter: a stream would begin or go on to flow for it.
 */
function compact(raw: RawSocket): void {
  const { on, removeAllListeners } = EventEmitter.prototype;
  const kept = raw.eventNames().map((name) => ({ name, listeners: raw.rawListeners(name) }));
  removeAllListeners.call(raw);
  for (const { name, listeners } of kept) {
    for (const listener of listeners) on.call(raw, name, listener as () => void);
  }
}
