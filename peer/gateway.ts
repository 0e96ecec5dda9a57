import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import { type Body, bodyOfBytes, bytesOfBody } from './body.js';
import { fromRaw, type NameValue, requestHeaders, responseHeaders, toRaw } from './headers.js';
import { type BodyProblem, readBody } from './http-body.js';
import { isHeaderSafeType } from './media-type.js';
import { errorResponse, type RestRequest, type RestResponse } from './rest.js';
import type { Handler } from './serving.js';
import { joinTarget } from './target.js';

export interface GatewayOptions {
  /** The API: `http:` or `https:`, a path below which every request stays, no query. */
  readonly upstream: URL;
  /** Milliseconds that the API has for a whole response. */
  readonly timeout: number;
  /** Bytes of one response's body. */
  readonly maxBody: number;
  /** Connections to the API. */
  readonly maxConnections: number;
}

/** May be sent twice without harm (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Answers requests from a real HTTP API. `close` ends its idle connections. */
export function gateway(options: GatewayOptions): { readonly handler: Handler; close(): void } {
  const { upstream, maxConnections } = options;
  const pool = { keepAlive: true, maxSockets: maxConnections };
  const agent = upstream.protocol === 'https:' ? new TlsAgent(pool) : new Agent(pool);
  const handler: Handler = async (request, signal) => {
    const target = joinTarget(upstream.pathname.replace(/\/+$/, ''), request);
    if (typeof target !== 'string') return errorResponse(400, 'path_invalid', target.fault);
    // Not AbortSignal.any: on Node 20 it leaves something behind in a signal that lives as long as the connection.
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    signal.addEventListener('abort', abort, { once: true });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      abort();
    }, options.timeout);
    try {
      const call = { request, target, agent, options, signal: stop.signal };
      return await answered(request.method, await send(call, true), options.maxBody);
    } catch (error) {
      if (isLate) return errorResponse(504, 'upstream_timeout', `no response within ${options.timeout / 1000} s`);
      return errorResponse(502, 'upstream_unreachable', `the HTTP API cannot be reached (${codeOf(error)})`);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  };
  return { handler, close: () => agent.destroy() };
}

interface Call {
  readonly request: RestRequest;
  readonly target: string;
  readonly agent: Agent;
  readonly options: GatewayOptions;
  readonly signal: AbortSignal;
}

/** An idle connection may be closed by the API just as it is used again; then, where it does no harm, a second one is tried. */
function send(call: Call, again: boolean): Promise<IncomingMessage> {
  const { request, target, agent, signal } = call;
  const { upstream } = call.options;
  const { bytes, type } = bytesOfBody(request.body);
  const start = upstream.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = start({
      agent,
      signal,
      method: request.method,
      hostname: upstream.hostname.replace(/^\[|\]$/g, ''),
      port: upstream.port,
      path: target,
      headers: toRaw(headersFor(upstream, request, bytes, type)),
    });
    outgoing.once('response', resolve);
    outgoing.on('error', (error) => {
      const isStale = outgoing.reusedSocket && codeOf(error) === 'ECONNRESET' && IDEMPOTENT.has(request.method);
      if (again && isStale) resolve(send(call, false));
      else reject(error);
    });
    outgoing.end(bytes);
  });
}

function headersFor(upstream: URL, request: RestRequest, bytes: Buffer, type: string | undefined): NameValue[] {
  const hasBody = bytes.length > 0 || ['POST', 'PUT', 'PATCH'].includes(request.method);
  return [
    { name: 'Host', value: upstream.host },
    ...requestHeaders(request.headers),
    { name: 'Accept-Encoding', value: 'identity' },
    ...(type === undefined ? [] : [{ name: 'Content-Type', value: type }]),
    ...(hasBody ? [{ name: 'Content-Length', value: String(bytes.length) }] : []),
  ];
}

async function answered(method: string, message: IncomingMessage, maxBody: number): Promise<RestResponse> {
  const { statusCode = 0, statusMessage = '' } = message;
  if (statusCode < 200 || statusCode > 599) {
    message.destroy();
    return errorResponse(502, 'upstream_invalid', `the HTTP API answered with status ${statusCode}`);
  }
  const head = {
    statusCode,
    ...(statusMessage === '' ? {} : { reasonPhrase: statusMessage }),
    headers: responseHeaders(fromRaw(message.rawHeaders)),
  };
  const type = message.headers['content-type'];
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304) {
    message.resume();
    return { ...head, body: type === undefined ? { kind: 'none' } : { kind: 'none', type } };
  }
  const reading = await readBody(message, maxBody);
  if ('bytes' in reading) return { ...head, body: carriable(reading.bytes, type) };
  message.destroy();
  if (reading.problem === 'broken_off') throw new Error(reading.problem);
  return errorResponse(502, `upstream_${reading.problem}`, problems[reading.problem](maxBody));
}

/** The API may call anything JSON; what is none goes as the bytes it is. */
function carriable(bytes: Buffer, type: string | undefined): Body {
  const body = bodyOfBytes(bytes, type);
  if (!('fault' in body)) return body;
  return isHeaderSafeType(type) ? { kind: 'binary', bytes, type } : { kind: 'binary', bytes };
}

const problems: Readonly<Record<Exclude<BodyProblem, 'broken_off'>, (maxBody: number) => string>> = {
  too_big: (maxBody) => `the response's body has over ${maxBody} bytes (--max-body)`,
  bad_coding: () => "the response's body is not what its Content-Encoding says",
  unknown_coding: () => 'the response has a Content-Encoding that cannot be undone',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'the connection broke off';
}
