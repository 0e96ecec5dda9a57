import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, type CallIds, refuse } from './bridge-answer.js';
import { type BridgeRefusal, ofBody, ofFailure } from './bridge-refusal.js';
import { type CallTrace, traced } from './call-trace.js';
import { bodyFor } from './coded-body.js';
import type { PeerConnection } from './connection.js';
import { bodyHeaders, fromRaw, type NameValue, requestHeaders } from './headers.js';
import { readBodyWithin } from './http-body.js';
import { RequestFailure } from './request-failure.js';
import type { RestResponse } from './rest.js';
import type { Target } from './target.js';

export interface CallBounds {
  /** Milliseconds that a caller has for its body, and then the other peer for a response. */
  readonly timeout: number;
  /** Bytes of one request's body. */
  readonly maxBody: number;
  /** Share of the traces made here that are marked as sampled, 0 to 1; every one when left out. */
  readonly traceRatio?: number;
}

/** The part of a peer that a call goes through. */
export type CallPeer = Pick<PeerConnection, 'state' | 'session' | 'form' | 'request'>;

/** One HTTP request of a bridge's caller. Its body is asked for and read once, however often the call is made. */
export class BridgeCall {
  readonly request: IncomingMessage;
  readonly ids: CallIds;
  readonly #response: ServerResponse;
  readonly #bounds: CallBounds;
  readonly #trace: CallTrace;
  readonly #gone = new AbortController();
  #reading: ReturnType<typeof readBodyWithin> | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, bounds: CallBounds) {
    // A client that goes in the middle of a request or a response is nobody's fault.
    request.on('error', () => {});
    response.on('error', () => {});
    response.once('close', () => this.#gone.abort());
    this.request = request;
    this.#response = response;
    this.#bounds = bounds;
    this.#trace = traced(fromRaw(request.rawHeaders), bounds.traceRatio ?? 1);
    this.ids = { traceId: this.#trace.traceId, session: undefined };
  }

  /** Fires when the caller gave up. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The headers as they came, with the trace. */
  get headers(): readonly NameValue[] {
    return this.#trace.headers;
  }

  /** The refusal of a body that says itself that it is too big. */
  get oversize(): BridgeRefusal | undefined {
    const { maxBody } = this.#bounds;
    return Number(this.request.headers['content-length'] ?? 0) > maxBody ? ofBody('too_big', maxBody) : undefined;
  }

  /** One try. The other peer may be another one than before, and read another form. Rejects with {@link RequestFailure}. */
  async attempt(peer: CallPeer, target: Target, all = this.headers): Promise<RestResponse | BridgeRefusal> {
    const { maxBody, timeout } = this.#bounds;
    this.ids.session = peer.session;
    const reading = await this.#read();
    if ('problem' in reading) return ofBody(reading.problem, maxBody);
    const { bytes } = reading;
    const { form } = peer;
    const body = await bodyFor(form, bytes, bodyHeaders(all, bytes.length === 0), maxBody);
    if (body === 'too_big') return ofBody(body, maxBody);
    const { method = 'GET' } = this.request;
    const { path, query, rawQuery } = target;
    const headers = requestHeaders(all, form === 'exact');
    return peer.request({ method, path, query, rawQuery, headers, body, timeout, signal: this.gone });
  }

  answer(result: RestResponse): void {
    // The time in an answer is the API's to tell.
    this.#response.sendDate = false;
    answer(this.request, this.#response, result, this.ids);
  }

  refuse(refusal: BridgeRefusal): void {
    refuse(this.#response, refusal, this.ids);
  }

  #read(): ReturnType<typeof readBodyWithin> {
    this.#reading ??= this.#begin();
    return this.#reading;
  }

  #begin(): ReturnType<typeof readBodyWithin> {
    if (this.request.headers.expect !== undefined) this.#response.writeContinue();
    return readBodyWithin(this.#bounds.timeout, this.request, this.#bounds.maxBody);
  }
}

/** Why a call cannot be made through the peer now, whatever it is; `holds` says that it may wait for the pair. */
export function absence({ state }: Pick<PeerConnection, 'state'>, holds: boolean): BridgeRefusal | undefined {
  if (!holds && state.kind !== 'paired') {
    return ofFailure(new RequestFailure('not_paired', `the other peer is not there (${state.kind})`));
  }
  return state.kind === 'paired' && state.other.answers === false ? notServed : undefined;
}

/** The HTTP form of what a call was rejected with. */
export function ofError(error: unknown): BridgeRefusal {
  return error instanceof RequestFailure ? ofFailure(error) : internalError;
}

/** The HELLO says so [HELLO-5]: no caller needs to wait for the time-out. */
const notServed: BridgeRefusal = {
  status: 502,
  reason: 'not_served',
  message: 'the other peer answers no requests: it is a bridge as this one is; have it be a gateway',
};

const internalError: BridgeRefusal = { status: 500, reason: 'internal_error', message: 'a fault in the bridge' };
