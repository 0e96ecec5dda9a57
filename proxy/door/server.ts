import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Socket as RawSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { refusal } from '../wire/close.js';
import { refusalBody, refusalHeaders, refuseUpgrade } from './refuse.js';
import type { UpgradeEdge } from './upgrade.js';

/** Time for a request's head, milliseconds. */
const HEADERS_TIMEOUT = 5_000;
/** Largest head of a request, bytes: the edge's own bound plus the identity headers that it adds. */
const MAX_HEADER_BYTES = 32 * 1024;

/** Files of the mutual TLS between the edge and a service that it reaches over TCP. */
export interface EdgeTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly clientCa: Buffer;
  /** DNS or URI SAN of the edge's client certificate: any other certificate of that CA belongs to a peer that tries to go round the edge. */
  readonly clientName: string;
}

/** The HTTP server that the edge speaks to. */
export function upgradeServer(edge: UpgradeEdge, tls: EdgeTls | undefined): Server {
  const options = { headersTimeout: HEADERS_TIMEOUT, requestTimeout: HEADERS_TIMEOUT, maxHeaderSize: MAX_HEADER_BYTES };
  const plainRequest = (request: IncomingMessage, response: ServerResponse): void =>
    refusePlain(edge.pathPrefix, request, response);
  const server =
    tls === undefined
      ? createHttp(options, plainRequest)
      : createHttps(
          {
            ...options,
            cert: tls.cert,
            key: tls.key,
            ca: tls.clientCa,
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: 'TLSv1.2',
          },
          plainRequest,
        );
  server.on('upgrade', (request: IncomingMessage, raw: RawSocket, head: Buffer) => {
    if (tls !== undefined && !isEdge(raw as TLSSocket, tls.clientName)) {
      raw.destroy();
      return;
    }
    void edge.handle(request, raw, head);
  });
  server.on('clientError', (_: Error, raw: Duplex) => unreadable(raw));
  return server;
}

/** Node would answer without a reason. A certificate with a very long name is enough to make the head too large. */
function unreadable(raw: Duplex): void {
  if (raw.writable) refuseUpgrade(raw, refusal('request_invalid'));
  else raw.destroy();
}

function refusePlain(prefix: string, request: IncomingMessage, response: ServerResponse): void {
  const told = refusal(request.url?.startsWith(prefix) === true ? 'upgrade_required' : 'not_found');
  const body = refusalBody(told);
  response.writeHead(told.status, refusalHeaders(told, body)).end(body);
}

function isEdge(raw: TLSSocket, name: string): boolean {
  const names = raw.getPeerCertificate().subjectaltname?.split(', ') ?? [];
  return names.includes(`DNS:${name}`) || names.includes(`URI:${name}`);
}
