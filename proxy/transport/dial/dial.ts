import type { IncomingMessage } from 'node:http';
import { isIP, type Socket as TcpSocket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls } from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import type { Socket } from '../../ports/socket.js';
import { LibrarySocket } from '../library-socket.js';
import { LibraryWriter } from '../library-writer.js';
import { REQUEST_ID } from '../request-id.js';
import { bodyWithin } from './bounded-body.js';
import { DialError, failed, refused } from './dial-error.js';
import { lookupLocalhost } from './localhost.js';
import { secureContextFor } from './secure-contexts.js';
import { type HttpProxy, nameOf, openTunnel } from './tunnel.js';

export type { HttpProxy } from './tunnel.js';

/** The options of a dial. Certificates and keys are PEM text. */
export interface DialOptions {
  /** Client certificate, followed by its intermediates. */
  readonly cert?: string;
  /** Private key of the client certificate. */
  readonly key?: string;
  /** The CA certificates that the server's certificate must lead to; the system's when left out. */
  readonly ca?: string;
  /** `false` takes any server certificate: anybody on the way can then read and change every message. Default `true`. */
  readonly rejectUnauthorized?: boolean;
  /** The name or address that the server's certificate must carry, if it is not the URL's host. */
  readonly servername?: string;
  /** Bytes of the largest accepted message; a larger message ends the connection with 1009. */
  readonly maxPayload?: number;
  /** The HTTP proxy to dial through; without one the dial is direct. */
  readonly via?: HttpProxy;
  /** Milliseconds for name lookup, TCP and a tunnel: until somebody is there. */
  readonly connectTimeout?: number;
  /**
   * Milliseconds from then on for TLS and the upgrade together, however slowly the bytes arrive. A server to which a fleet comes back at
   * once takes the last of it after some time; who gives up before that and dials again wastes what the server did for the first dial.
   */
  readonly handshakeTimeout?: number;
  /** Told the id of the connection, where the server tells it (`x-request-id` of the 101), before the dial resolves. */
  readonly accepted?: (id: string) => void;
  /** Gives up; the promise is rejected with the failure `aborted`. */
  readonly signal?: AbortSignal;
}

/** Default of `maxPayload`, bytes. */
export const DEFAULT_MAX_PAYLOAD = 16 * 1024 * 1024;
/** Default of `connectTimeout`, milliseconds. */
export const DEFAULT_CONNECT_MS = 10_000;
/** Default of `handshakeTimeout`, milliseconds: what the edge gives a handshake by default. */
export const DEFAULT_HANDSHAKE_MS = 30_000;
/** Bytes of a refusal's body that are read. */
const MAX_REFUSAL_BYTES = 16 * 1024;
/** Most fragments of one message. */
const MAX_FRAGMENTS = 1024;

/**
 * Opens a websocket to `url` (`wss:`, or `ws:` without TLS). The socket comes paused, so that nothing is lost before its owner listens:
 * call `listen`, then `resume`.
 *
 * @throws DialError naming what went wrong; a refused upgrade carries status, reason and `Retry-After`. For an invalid URL, or invalid
 * PEM, it throws Node's own error.
 */
export async function dial(url: string, options: DialOptions = {}): Promise<Socket> {
  const { via, signal } = options;
  const end = new AbortController();
  const connected = (): void => {
    attempt.late = new DialError('no answer to the handshake in time', { t: 'timeout', retry: 'later' });
    clearTimeout(timer);
    timer = setTimeout(late, options.handshakeTimeout ?? DEFAULT_HANDSHAKE_MS);
  };
  const attempt: Attempt = { url, options, end: end.signal, late: unconnected(via), connected };
  const late = (): void => end.abort(attempt.late);
  let timer = setTimeout(late, options.connectTimeout ?? DEFAULT_CONNECT_MS);
  const giveUp = (): void => end.abort(new DialError('the dial was given up', { t: 'aborted', retry: 'now' }));
  if (signal?.aborted === true) giveUp();
  else signal?.addEventListener('abort', giveUp, { once: true });
  let through: TcpSocket | undefined;
  try {
    through = via && (await tunnel(attempt, via));
    return await upgrade(attempt, through);
  } catch (error) {
    through?.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}

/** One dial. */
interface Attempt {
  readonly url: string;
  readonly options: DialOptions;
  /** Ends the attempt, with a {@link DialError} as the reason. */
  readonly end: AbortSignal;
  /** The error for the case that the time runs out now. */
  late: DialError;
  /** Called when the server took the connection; from then on the time for the handshake runs. */
  readonly connected: () => void;
}

function unconnected(via: HttpProxy | undefined): DialError {
  const who = via === undefined ? 'the host' : nameOf(via);
  return new DialError(`${who} does not answer`, { t: 'timeout', retry: 'now' });
}

function tunnel(attempt: Attempt, via: HttpProxy): Promise<TcpSocket> {
  const { hostname, port, protocol } = new URL(attempt.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const connected = (): void => {
    attempt.late = new DialError(`${nameOf(via)} opens no way in time`, { t: 'timeout', retry: 'later' });
  };
  const fallback = protocol === 'wss:' ? 443 : 80;
  return openTunnel(via, { host, port: port === '' ? fallback : Number(port) }, connected, attempt.end);
}

function upgrade(attempt: Attempt, through: TcpSocket | undefined): Promise<Socket> {
  const { url, end } = attempt;
  if (through !== undefined) attempt.connected();
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, clientOptions(attempt, through));
    const give = (error: DialError): void => {
      end.removeEventListener('abort', giveUp);
      reject(error);
      ws.terminate();
    };
    const giveUp = (): void => give(end.reason);
    const fault = (error: Error): void => give(failed(error));

    ws.on('error', fault);
    ws.once('unexpected-response', (_request, response) => void readRefusal(response).then(give));
    ws.once('upgrade', ({ socket, headers }) => {
      const id = headers['x-request-id'];
      if (typeof id === 'string' && REQUEST_ID.test(id)) attempt.options.accepted?.(id);
      ws.once('open', () => {
        end.removeEventListener('abort', giveUp);
        ws.pause();
        resolve(new LibrarySocket(ws, socket, (sender) => new LibraryWriter(ws, socket, sender)));
        ws.off('error', fault);
      });
    });
    if (end.aborted) giveUp();
    else end.addEventListener('abort', giveUp, { once: true });
  });
}

function clientOptions({ url, options, connected }: Attempt, through: TcpSocket | undefined): ClientOptions {
  const within = (tunnelled: TcpSocket, asked: ConnectionOptions): TcpSocket =>
    new URL(url).protocol === 'ws:' ? tunnelled : tlsInside(tunnelled, asked);
  const limits: ClientOptions = {
    maxPayload: options.maxPayload ?? DEFAULT_MAX_PAYLOAD,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: false,
    followRedirects: false,
    finishRequest: (request) => {
      request.once('socket', (socket) => socket.once('connect', connected));
      request.end();
    },
  };
  const way = through && { createConnection: (asked: ConnectionOptions) => within(through, asked) };
  return { ...limits, ...way, lookup: lookupLocalhost, ...tlsOptions(options) } as ClientOptions;
}

/** Makes TLS to the server itself inside a tunnel: the keeper of the tunnel sees nothing of it. */
function tlsInside(through: TcpSocket, options: ConnectionOptions): TcpSocket {
  const { host = '', servername = isIP(host) === 0 ? host : '' } = options;
  const inner = connectTls({ ...options, path: undefined, socket: through, servername });
  inner.once('close', () => through.destroy());
  return inner;
}

function tlsOptions({ cert, key, ca, servername, rejectUnauthorized }: DialOptions): ConnectionOptions {
  return {
    secureContext: secureContextFor({ cert, key, ca }),
    ...(servername === undefined ? {} : named(servername)),
    rejectUnauthorized: rejectUnauthorized ?? true,
  };
}

/** Sets the server's name. SNI carries names only (RFC 6066 §3); an address is checked against the certificate all the same. */
function named(servername: string): ConnectionOptions {
  return {
    servername: isIP(servername) === 0 ? servername : '',
    checkServerIdentity: (_host, certificate) => checkServerIdentity(servername, certificate),
  };
}

async function readRefusal(response: IncomingMessage): Promise<DialError> {
  const body = await bodyWithin(MAX_REFUSAL_BYTES, response);
  return refused(response.statusCode ?? 0, response.headers['retry-after'], body, Date.now());
}
