import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Socket as RawSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { hasName, MIN_TLS_VERSION, type MutualTls } from '../transport/mutual-tls.js';
import { refusal } from '../wire/close.js';
import { refusalBody, refusalHeaders, refuseUpgrade } from './refuse.js';
import type { UpgradeEdge } from './upgrade.js';

/** Time for a request's head, milliseconds. */
const HEADERS_TIMEOUT = 5_000;
/** Largest head of a request, bytes: the edge's own bound plus the identity headers that it adds. */
const MAX_HEADER_BYTES = 32 * 1024;
/** The same with the marks that a hop adds. */
export const MAX_HOP_HEADER_BYTES = MAX_HEADER_BYTES + 1024;

/** What a listener for upgrades does with what comes. */
export interface Listener {
  readonly upgrade: (request: IncomingMessage, raw: RawSocket, head: Buffer) => void;
  /** Answers a request that is no upgrade. */
  readonly plain: (request: IncomingMessage, response: ServerResponse) => void;
  readonly maxHeaderBytes: number;
  /** Takes a connection whose client chose HTTP/2; absent where that is not spoken. */
  readonly http2?: ((socket: TLSSocket) => void) | undefined;
}

/** The HTTP server that the edge speaks to. */
export function edgeServer(edge: UpgradeEdge, tls: MutualTls | undefined): Server {
  return upgradeServer(
    {
      upgrade: (request, raw, head) => void edge.handle(request, raw, head),
      plain: (request, response) => refusePlain(edge.pathPrefix, request, response),
      maxHeaderBytes: MAX_HEADER_BYTES,
    },
    tls,
  );
}

/** An HTTP server for upgrades. With TLS only the other side that it names gets in, whatever it asks for. */
export function upgradeServer({ upgrade, plain, maxHeaderBytes, http2 }: Listener, tls: MutualTls | undefined): Server {
  const options = { headersTimeout: HEADERS_TIMEOUT, requestTimeout: HEADERS_TIMEOUT, maxHeaderSize: maxHeaderBytes };
  const server =
    tls === undefined ? createHttp(options, plain) : named(createHttps(secure(options, tls, http2), plain), tls, http2);
  server.on('upgrade', upgrade);
  server.on('clientError', (_: Error, raw: Duplex) => unreadable(raw));
  return server;
}

function secure<Options extends object>(options: Options, tls: MutualTls, http2: Listener['http2']) {
  const { cert, key, ca } = tls;
  const ALPNProtocols = http2 === undefined ? ['http/1.1'] : ['h2', 'http/1.1'];
  const mutual = { requestCert: true, rejectUnauthorized: true, minVersion: MIN_TLS_VERSION };
  return { ...options, ...mutual, cert, key, ca, ALPNProtocols };
}

/** Puts the check of the name, and the choice of the protocol, before the server that Node has made. */
function named(server: Server, { name }: MutualTls, http2: Listener['http2']): Server {
  const [serve, ...others] = server.listeners('secureConnection');
  if (serve === undefined || others.length > 0) throw new Error('this version of Node serves TLS in another way');
  return server.removeAllListeners('secureConnection').on('secureConnection', (socket: TLSSocket) => {
    if (!hasName(socket.getPeerCertificate(), name)) socket.destroy();
    else if (socket.alpnProtocol === 'h2' && http2 !== undefined) http2(socket);
    else serve.call(server, socket);
  });
}

/** Node would answer without a reason. A certificate with a very long name is enough to make the head too large. */
function unreadable(raw: Duplex): void {
  if (raw.writable) refuseUpgrade(raw, refusal('request_invalid'));
  else raw.destroy();
}

/** Refuses a request that is no upgrade. */
export function refusePlain(prefix: string, request: IncomingMessage, response: ServerResponse): void {
  const told = refusal(request.url?.startsWith(prefix) === true ? 'upgrade_required' : 'not_found');
  const body = refusalBody(told);
  response.writeHead(told.status, refusalHeaders(told, body)).end(body);
}
