import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, type CallIds, refuse } from './bridge-answer.js';
import { guard } from './bridge-guard.js';
import { type BridgeRefusal, ofBody, ofFailure } from './bridge-refusal.js';
import { type CallTrace, traced } from './call-trace.js';
import { bodyFor } from './coded-body.js';
import type { PeerConnection } from './connection.js';
import { bodyHeaders, fromRaw, requestHeaders } from './headers.js';
import { readBodyWithin } from './http-body.js';
import { LonelyCalls } from './lonely-calls.js';
import { PatientCalls } from './patient-calls.js';
import { RequestFailure } from './request-failure.js';
import type { RestResponse } from './rest.js';
import { splitTarget } from './target.js';

export interface BridgeOptions {
  /** Name or address to listen on. */
  readonly host: string;
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** Milliseconds that a caller has for its body, and then the other peer for a response. */
  readonly timeout: number;
  /** Bytes of one request's body. */
  readonly maxBody: number;
  /** HTTP requests worked on at one time, reading their bodies included. */
  readonly maxInFlight: number;
  /** Milliseconds that a request waits for a session that moves, because the proxy restarts; 0: none waits. */
  readonly hold: number;
  /** HTTP requests that wait for that, beside those in flight. Their bodies are not read yet. */
  readonly maxHeld: number;
  /** See {@link CallerRules}. */
  readonly allowHosts?: readonly string[];
  readonly allowOrigins?: readonly string[];
  /** Share of the traces made here that are marked as sampled, 0 to 1; every one when left out. */
  readonly traceRatio?: number;
  /** Takes news for people: calls that were refused because nobody is there. */
  readonly tell?: (line: string) => void;
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
  readonly #calls: PatientCalls;
  readonly #lonely: LonelyCalls;
  #inFlight = 0;

  constructor(peer: PeerConnection, options: BridgeOptions) {
    this.#peer = peer;
    this.#options = options;
    this.#calls = new PatientCalls(peer, { hold: options.hold, atOnce: options.maxInFlight });
    this.#lonely = new LonelyCalls(options.tell ?? (() => {}));
    this.#server = createServer({ keepAliveTimeout: 5_000 });
    // Node drops what is over a number of headers without a word. The bound is that on their bytes.
    this.#server.maxHeadersCount = 0;
    this.#server.maxConnections = options.maxInFlight * CONNECTIONS_PER_PLACE + options.maxHeld;
    const serve = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    this.#server.on('request', serve);
    // Before `100 Continue` the same guards apply: a body that would be refused is not asked for.
    this.#server.on('checkContinue', serve);
    this.#server.on('connect', (_request, socket) => {
      // The server no longer looks after this connection: an error without a listener ends the process, and a client that stays keeps it.
      socket.on('error', () => {});
      socket.end('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', () =>
        socket.destroy(),
      );
    });
  }

  /** HTTP requests that wait for a session that moves. */
  get waiting(): number {
    return this.#calls.waiting;
  }

  /** Starts to listen; resolves with the URL. Rejects with the system's error. */
  listen(): Promise<string> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        // A later error is a connection that could not be accepted; its client sees that.
        this.#server.on('error', () => {});
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
    this.#lonely.stop();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that goes in the middle of a request or a response is nobody's fault.
    request.on('error', () => {});
    response.on('error', () => {});
    const trace = traced(fromRaw(request.rawHeaders), this.#options.traceRatio ?? 1);
    const ids: CallIds = { traceId: trace.traceId, session: this.#peer.session };
    const refused = this.#guard(request);
    if (refused !== undefined) return this.#refuse(response, refused, ids);
    this.#inFlight += 1;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const content = new Content(request, response, this.#options);
      const attempt = (): Promise<RestResponse | BridgeRefusal> => {
        ids.session = this.#peer.session;
        return this.#call(request, content, trace, gone.signal);
      };
      const result = await this.#calls.make(attempt, gone.signal);
      if ('status' in result) return this.#refuse(response, result, ids);
      // The time in an answer is the API's to tell.
      response.sendDate = false;
      answer(request, response, result, ids);
    } catch (error) {
      this.#refuse(response, error instanceof RequestFailure ? ofFailure(error) : internalError, ids);
    } finally {
      this.#inFlight -= 1;
    }
  }

  #refuse(response: ServerResponse, refusal: BridgeRefusal, ids: CallIds): void {
    this.#lonely.refused(refusal.reason, refusal.message, ids.traceId);
    refuse(response, refusal, ids);
  }

  #guard({ headers, url = '' }: IncomingMessage): BridgeRefusal | undefined {
    const { host, maxInFlight, maxHeld, maxBody, allowHosts = [], allowOrigins = [] } = this.#options;
    const target = splitTarget(url);
    if ('fault' in target) return { status: 400, reason: 'target_invalid', message: target.fault };
    const { authority } = target;
    const strange = guard({ headers, authority }, { listen: host, hosts: allowHosts, origins: allowOrigins });
    if (strange !== undefined) return strange;
    const { state } = this.#peer;
    const { holds } = this.#calls;
    if (holds && this.#inFlight >= maxInFlight + maxHeld) {
      return ofFailure(new RequestFailure('too_many', `${maxHeld} requests wait already, the most that may`));
    }
    if (!holds && this.#inFlight >= maxInFlight) {
      return ofFailure(
        new RequestFailure('too_many', `${maxInFlight} requests are in flight already, the most that may be`),
      );
    }
    if (!holds && state.kind !== 'paired') {
      return ofFailure(new RequestFailure('not_paired', `the other peer is not there (${state.kind})`));
    }
    if (state.kind === 'paired' && state.other.answers === false) return notServed;
    return Number(headers['content-length'] ?? 0) > maxBody ? ofBody('too_big', maxBody) : undefined;
  }

  /** One try. The other peer may be another one than before, and read another form. */
  async #call(
    request: IncomingMessage,
    content: Content,
    { headers: all }: CallTrace,
    signal: AbortSignal,
  ): Promise<RestResponse | BridgeRefusal> {
    const { maxBody, timeout } = this.#options;
    const { method = 'GET', url = '' } = request;
    const target = splitTarget(url);
    if ('fault' in target) return { status: 400, reason: 'target_invalid', message: target.fault };
    const reading = await content.read();
    if ('problem' in reading) return ofBody(reading.problem, maxBody);
    const { bytes } = reading;
    const { form } = this.#peer;
    const body = await bodyFor(form, bytes, bodyHeaders(all, bytes.length === 0), maxBody);
    if (body === 'too_big') return ofBody(body, maxBody);
    const { path, query, rawQuery } = target;
    const headers = requestHeaders(all, form === 'exact');
    return this.#peer.request({ method, path, query, rawQuery, headers, body, timeout, signal });
  }
}

/** The body of one request: asked for and read once, however often the call is made. */
class Content {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #bounds: Pick<BridgeOptions, 'maxBody' | 'timeout'>;
  #reading: ReturnType<typeof readBodyWithin> | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, bounds: Pick<BridgeOptions, 'maxBody' | 'timeout'>) {
    this.#request = request;
    this.#response = response;
    this.#bounds = bounds;
  }

  read(): ReturnType<typeof readBodyWithin> {
    this.#reading ??= this.#begin();
    return this.#reading;
  }

  #begin(): ReturnType<typeof readBodyWithin> {
    if (this.#request.headers.expect !== undefined) this.#response.writeContinue();
    return readBodyWithin(this.#bounds.timeout, this.#request, this.#bounds.maxBody);
  }
}

/** The HELLO says so [HELLO-5]: no caller needs to wait for the time-out. */
const notServed: BridgeRefusal = {
  status: 502,
  reason: 'not_served',
  message: 'the other peer answers no requests: it is a bridge as this one is; have it be a gateway',
};

const internalError: BridgeRefusal = { status: 500, reason: 'internal_error', message: 'a fault in the bridge' };
