import { type Agent, type ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { headerValue, type NameValue, toRaw } from './headers.js';

/** The head of a request to the HTTP API. */
export interface UpstreamHead {
  readonly upstream: URL;
  readonly agent: Agent;
  readonly method: string;
  /** The target, as it goes into the request line. */
  readonly target: string;
  /** All headers: none is added but `Connection`. */
  readonly headers: readonly NameValue[];
}

/** Methods of which Node's client knows that they come without a body. */
const KNOWN_BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/**
 * Starts a request; the caller ends it. The headers go out as they are. For any other method without a length Node would say that
 * the body is chunked, unless it is told better before it writes the head; then the lines of a header stand together, in one spelling.
 */
export function startRequest({ upstream, agent, method, target, headers }: UpstreamHead): ClientRequest {
  const start = upstream.protocol === 'https:' ? requestHttps : requestHttp;
  const options = {
    agent,
    method,
    hostname: upstream.hostname.replace(/^\[|\]$/g, ''),
    port: upstream.port,
    path: target,
  };
  const isWrittenAtOnce = KNOWN_BODILESS.has(method) || headerValue(headers, 'content-length') !== undefined;
  const request = start(isWrittenAtOnce ? { ...options, headers: toRaw(headers) } : { ...options, setHost: false });
  // Node drops what is over a number of headers of the response without a word. The bound is that on their bytes.
  request.maxHeadersCount = 0;
  if (isWrittenAtOnce) return request;
  request.useChunkedEncodingByDefault = false;
  for (const { name, value } of headers) request.appendHeader(name, value);
  return request;
}
