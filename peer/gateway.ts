import { bytesOf, headersOf } from './body.js';
import { bodyFor } from './coded-body.js';
import type { Form } from './form.js';
import { bodyHeaders, headerValue, type NameValue, requestHeaders, responseHeaders } from './headers.js';
import type { Handler } from './responder.js';
import { errorResponse, type RestRequest, type RestResponse } from './rest.js';
import { joinTarget } from './target.js';
import { agentFor, type Upstream } from './upstream.js';
import { callUpstream, type UpstreamAnswer } from './upstream-call.js';
import { ofProblem, UpstreamFailure } from './upstream-failure.js';

export interface GatewayOptions extends Upstream {
  /** Milliseconds that the API has for a whole response. */
  readonly timeout: number;
  /** Bytes of one response's body. */
  readonly maxBody: number;
  /** Connections to the API. */
  readonly maxConnections: number;
}

/** Answers requests from a real HTTP API. `close` ends its idle connections. */
export function gateway(options: GatewayOptions): { readonly handler: Handler; close(): void } {
  const { upstream, maxConnections, maxBody, timeout } = options;
  const agent = agentFor(options, maxConnections);
  const handler: Handler = async (request, signal, form) => {
    const target = joinTarget(upstream.pathname.replace(/\/+$/, ''), request);
    if (typeof target !== 'string') return errorResponse(400, 'path_invalid', target.fault);
    // Not AbortSignal.any: on Node 20 it leaves something behind in a signal that lives as long as the connection.
    const stop = new AbortController();
    const gone = (): void => stop.abort(new UpstreamFailure('unreachable', 'nobody waits for the response'));
    signal.addEventListener('abort', gone, { once: true });
    const late = (): void => stop.abort(new UpstreamFailure('timeout', `no whole response within ${timeout / 1000} s`));
    const timer = setTimeout(late, timeout);
    try {
      const { method } = request;
      const headers = headersFor(upstream, request, form);
      const order = { upstream, agent, method, target, headers, bytes: bytesOf(request.body), maxBody };
      return await responseOf(method, await callUpstream({ ...order, signal: stop.signal }), form, maxBody);
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      return errorResponse(error.reason === 'timeout' ? 504 : 502, `upstream_${error.reason}`, error.message);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
    }
  };
  return { handler, close: () => agent.destroy() };
}

function headersFor(upstream: URL, { method, headers, body }: RestRequest, form: Form): NameValue[] {
  const ofBody = headersOf(body);
  const { length } = bytesOf(body);
  const isCounted =
    length > 0 || ['POST', 'PUT', 'PATCH'].includes(method) || headerValue(ofBody, 'content-length') !== undefined;
  return [
    { name: 'Host', value: upstream.host },
    ...requestHeaders(headers, form === 'exact'),
    ...(form === 'exact' ? [] : [{ name: 'Accept-Encoding', value: 'identity' }]),
    ...bodyHeaders(ofBody, false),
    ...(isCounted ? [{ name: 'Content-Length', value: String(length) }] : []),
  ];
}

async function responseOf(method: string, answer: UpstreamAnswer, form: Form, maxBody: number): Promise<RestResponse> {
  const { statusCode, reasonPhrase, headers, bytes } = answer;
  // A length in these headers is that of a body that another request would get.
  const isElsewhere = method === 'HEAD' || statusCode === 304;
  const body = await bodyFor(form, bytes, bodyHeaders(headers, isElsewhere), maxBody);
  if (body === 'too_big') throw ofProblem('too_big', maxBody);
  return { statusCode, reasonPhrase, headers: responseHeaders(headers), body };
}
