import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyOfBytes, bytesOfBody } from './body.js';
import { guard } from './bridge-guard.js';
import { type BridgeRefusal, ofBody, ofFailure, refusalBody } from './bridge-refusal.js';
import type { PeerConnection, RequestOptions } from './connection.js';
import { fromRaw, headerValue, requestHeaders, responseHeaders, toRaw } from './headers.js';
import { readBody } from './http-body.js';
import { RequestFailure } from './request-failure.js';
import { errorResponse, phraseOf, type RestResponse } from './rest.js';
import { splitTarget } from './target.js';

export interface BridgeOptions {
  /** Name or address to listen on. */
  readonly host: string;
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** Milliseconds that the other peer has for a response. */
  readonly timeout: number;
  /** Bytes of one request's body. */
  readonly maxBody: number;
  /** HTTP requests worked on at one time, reading their bodies included. */
  readonly maxInFlight: number;
}

/** HTTP connections for each place in flight: a client may keep an idle one open. */
const CONNECTIONS_PER_PLACE = 4;
/** Milliseconds that requests in flight have to finish when the bridge closes. */
const CLOSE_GRACE_MS = 5_000;

/** HTTP in, `REST:REQUEST` out, `REST:RESPONSE` in, HTTP out. Many at once; responses go out as they come. */
export class Bridge {
  readonly #peer: PeerConnection;
  readonly #options: BridgeOptions;
  readonly #server: Server;
  #inFlight = 0;

  constructor(peer: PeerConnection, options: BridgeOptions) {
    this.#peer = peer;
    this.#options = options;
    this.#server = createServer({ keepAliveTimeout: 5_000 });
    this.#server.maxConnections = options.maxInFlight * CONNECTIONS_PER_PLACE;
    const serve = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    this.#server.on('request', serve);
    // Before `100 Continue` the same guards apply: a body that would be refused is not asked for.
    this.#server.on('checkContinue', serve);
    this.#server.on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  }

  /** Starts to listen; resolves with the URL. Rejects with the system's error. */
  listen(): Promise<string> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        const { address, family, port: bound } = this.#server.address() as AddressInfo;
        resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
      });
    });
  }

  /** Takes no new requests, lets those in flight finish for a bounded time, then drops the rest. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), CLOSE_GRACE_MS);
    await closed;
    clearTimeout(timer);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = this.#guard(request);
    if (refused !== undefined) return refuse(response, refused);
    this.#inFlight += 1;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const options = await this.#read(request, response);
      if ('status' in options) return refuse(response, options);
      answer(request, response, await this.#peer.request({ ...options, signal: gone.signal }));
    } catch (error) {
      refuse(response, error instanceof RequestFailure ? ofFailure(error) : internalError);
    } finally {
      this.#inFlight -= 1;
    }
  }

  #guard({ headers }: IncomingMessage): BridgeRefusal | undefined {
    const { host, maxInFlight, maxBody } = this.#options;
    const strange = guard(headers.host, headers.origin, host);
    if (strange !== undefined) return strange;
    if (this.#inFlight >= maxInFlight) {
      return ofFailure(
        new RequestFailure('too_many', `${maxInFlight} requests are in flight already (--max-in-flight)`),
      );
    }
    if (this.#peer.state.kind !== 'paired') {
      return ofFailure(new RequestFailure('not_paired', `the other peer is not there (${this.#peer.state.kind})`));
    }
    return Number(headers['content-length'] ?? 0) > maxBody ? ofBody('too_big', maxBody) : undefined;
  }

  async #read(request: IncomingMessage, response: ServerResponse): Promise<RequestOptions | BridgeRefusal> {
    const { maxBody, timeout } = this.#options;
    const target = splitTarget(request.url ?? '');
    if ('fault' in target) return { status: 400, reason: 'target_invalid', message: target.fault };
    if (request.headers.expect !== undefined) response.writeContinue();
    const reading = await readBody(request, maxBody);
    if ('problem' in reading) return ofBody(reading.problem, maxBody);
    const body = bodyOfBytes(reading.bytes, request.headers['content-type']);
    if ('fault' in body) return { status: 400, reason: 'body_invalid', message: body.fault };
    const headers = requestHeaders(fromRaw(request.rawHeaders));
    return { method: request.method ?? 'GET', ...target, headers, body, timeout };
  }
}

function answer(request: IncomingMessage, response: ServerResponse, result: RestResponse): void {
  if (response.destroyed) return;
  const { statusCode, reasonPhrase, headers, body } = result;
  const { bytes, type } = bytesOfBody(body);
  const contentType = type ?? headerValue(headers, 'content-type');
  // RFC 9110 §6.4.1: these have no content, whatever the message carries.
  const isEmpty = request.method === 'HEAD' || statusCode === 204 || statusCode === 304;
  const head = toRaw(responseHeaders(headers));
  if (contentType !== undefined) head.push('Content-Type', contentType);
  if (!isEmpty) head.push('Content-Length', String(bytes.length));
  response.writeHead(statusCode, reasonPhrase ?? phraseOf(statusCode), head);
  response.end(isEmpty ? undefined : bytes);
}

const internalError: BridgeRefusal = { status: 500, reason: 'internal_error', message: 'a fault in the bridge' };

/**
 * A body that was not read is read and dropped by the server. Only a client that waits for `100 Continue` may or may not send it
 * now, so that nobody knows where its next request starts: that connection is closed.
 */
function refuse(response: ServerResponse, refusal: BridgeRefusal): void {
  if (response.destroyed || response.headersSent) return;
  const { retryAfter } = refusal;
  const extra = retryAfter === undefined ? [] : [{ name: 'Retry-After', value: String(retryAfter) }];
  if (response.req.headers.expect !== undefined && !response.req.complete) response.shouldKeepAlive = false;
  const result = errorResponse(refusal.status, refusal.reason, refusal.message);
  answer(response.req, response, { ...result, headers: extra, body: refusalBody(refusal) });
}
