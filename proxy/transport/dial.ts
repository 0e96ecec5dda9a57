import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import type { Socket } from '../session/ports.js';
import { DialError, failed, refused } from './dial-error.js';
import { LibraryOutbox } from './library-outbox.js';
import { LibrarySocket } from './library-socket.js';

export type { Clock, Socket, SocketListener } from '../session/ports.js';

/** How to dial. Certificates and keys are PEM text. */
export interface DialOptions {
  /** Client certificate, its intermediates after it. */
  readonly cert?: string;
  /** Private key of the client certificate. */
  readonly key?: string;
  /** The CA certificates that the server's must lead to; the system's when left out. */
  readonly ca?: string;
  /** `false` takes any server certificate: anybody on the way can then read and change every message. Default `true`. */
  readonly rejectUnauthorized?: boolean;
  /** The name or address that the server's certificate must carry, where it is not the URL's host. */
  readonly servername?: string;
  /** Bytes of the largest message taken; a larger one ends the connection with 1009. */
  readonly maxPayload?: number;
  /** Milliseconds for name lookup, TCP, TLS and the upgrade together, however slowly the bytes drip. */
  readonly handshakeTimeout?: number;
  /** Gives up; the promise is rejected with kind `aborted`. */
  readonly signal?: AbortSignal;
}

/** Bytes of the largest message taken, unless told otherwise. */
export const DEFAULT_MAX_PAYLOAD = 16 * 1024 * 1024;
/** Milliseconds for the handshake, unless told otherwise. */
export const DEFAULT_HANDSHAKE_MS = 10_000;
/** Bytes of a refusal's body that are read. */
const MAX_REFUSAL_BYTES = 16 * 1024;
/** Fragments of one message. */
const MAX_FRAGMENTS = 1024;

/**
 * Opens a websocket to `url` (`wss:`, or `ws:` without TLS). The socket comes paused, so that nothing is lost before
 * its owner listens: call `listen`, then `resume`.
 *
 * @throws DialError naming what went wrong; a refused upgrade carries status, reason and `Retry-After`. A URL that is none, or PEM
 * text that is none, is an error of Node's own.
 */
export function dial(url: string, options: DialOptions = {}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, clientOptions(options));
    const timer = setTimeout(() => {
      give(new DialError('no answer to the handshake in time', { kind: 'timeout', retry: 'now' }));
    }, options.handshakeTimeout ?? DEFAULT_HANDSHAKE_MS);
    const settle = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', giveUp);
    };
    const give = (error: DialError): void => {
      settle();
      reject(error);
      ws.terminate();
    };
    const giveUp = (): void => give(new DialError('the dial was given up', { kind: 'aborted', retry: 'now' }));
    const fault = (error: Error): void => give(failed(error));

    ws.on('error', fault);
    ws.once('unexpected-response', (_request, response) => void readRefusal(response).then(give));
    ws.once('upgrade', ({ socket }) => {
      ws.once('open', () => {
        settle();
        ws.pause();
        resolve(new LibrarySocket(ws, socket, (sender) => new LibraryOutbox(ws, socket, sender)));
        ws.off('error', fault);
      });
    });
    if (options.signal?.aborted === true) giveUp();
    else options.signal?.addEventListener('abort', giveUp, { once: true });
  });
}

function clientOptions(options: DialOptions): ClientOptions {
  const limits: ClientOptions = {
    maxPayload: options.maxPayload ?? DEFAULT_MAX_PAYLOAD,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: false,
    followRedirects: false,
  };
  return { ...limits, ...tlsOptions(options) } as ClientOptions;
}

function tlsOptions({ cert, key, ca, servername, rejectUnauthorized }: DialOptions): ConnectionOptions {
  return {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
    ...(servername === undefined ? {} : named(servername)),
    rejectUnauthorized: rejectUnauthorized ?? true,
    minVersion: 'TLSv1.2',
  };
}

/** SNI carries names only (RFC 6066 §3); an address is checked against the certificate all the same. */
function named(servername: string): ConnectionOptions {
  return {
    servername: isIP(servername) === 0 ? servername : '',
    checkServerIdentity: (_host, certificate) => checkServerIdentity(servername, certificate),
  };
}

async function readRefusal(response: IncomingMessage): Promise<DialError> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_REFUSAL_BYTES) break;
    }
  } catch {
    // The status is enough; the body only adds words.
  }
  const body = Buffer.concat(chunks).toString();
  return refused(response.statusCode ?? 0, response.headers['retry-after'], body, Date.now());
}
