import type { IncomingMessage, ServerResponse } from 'node:http';
import { bytesOf, headersOf } from './body.js';
import { type BridgeRefusal, refusalBody } from './bridge-refusal.js';
import { bodyHeaders, headerValue, type NameValue, responseHeaders, toRaw } from './headers.js';
import { errorResponse, hasNoContent, phraseOf, type RestResponse } from './rest.js';

/** What a caller can hand over to whoever looks into its call. */
export interface CallIds {
  readonly traceId: string;
  /** Id of the bridge's connection to the proxy, which has one session; undefined while there is none, or where the edge gives none. */
  session: string | undefined;
}

/** Headers of every answer of a bridge, the API's own included. */
const TRACE_HEADER = 'Ws-Proxy-Trace-Id';
const SESSION_HEADER = 'Ws-Proxy-Session';
/** Their names as they are compared: what an API says under them is another bridge's, behind this one. */
const OWN_HEADERS: readonly string[] = [TRACE_HEADER, SESSION_HEADER].map((name) => name.toLowerCase());

/** Answers with the other peer's response. */
export function answer(request: IncomingMessage, response: ServerResponse, result: RestResponse, ids: CallIds): void {
  if (response.destroyed) return;
  const { statusCode, reasonPhrase, headers, body } = result;
  const bytes = bytesOf(body);
  const ofBody = headersOf(body);
  const isEmpty = hasNoContent(request.method ?? '', statusCode);
  const said = ofBody.length === 0 ? headers : ofBody;
  const length = isEmpty ? lengthElsewhere(statusCode, ofBody) : [{ name: 'Content-Length', value: `${bytes.length}` }];
  const head = [
    ...responseHeaders(headers).filter(isOfApi),
    ...headersOfIds(ids),
    ...bodyHeaders(said, false),
    ...length,
  ];
  response.writeHead(statusCode, reasonPhrase ?? phraseOf(statusCode), toRaw(head));
  response.end(isEmpty ? undefined : bytes);
}

/**
 * Answers with an error of the bridge's own. The server reads and drops a body that was not read. But the next request of a client that
 * waits for `100 Continue`, or was late with its body, cannot be told from that body: the connection is closed.
 */
export function refuse(response: ServerResponse, refusal: BridgeRefusal, ids: CallIds): void {
  if (response.destroyed || response.headersSent) return;
  const { retryAfter } = refusal;
  const extra = retryAfter === undefined ? [] : [{ name: 'Retry-After', value: String(retryAfter) }];
  const mayNotCome = response.req.headers.expect !== undefined || refusal.status === 408;
  if (mayNotCome && !response.req.complete) response.shouldKeepAlive = false;
  const result = errorResponse(refusal.status, refusal.reason, refusal.message);
  answer(response.req, response, { ...result, headers: extra, body: refusalBody(refusal, ids) }, ids);
}

/** Whether a header that came with the response is not in place of one of the bridge's own. */
function isOfApi({ name }: NameValue): boolean {
  return !OWN_HEADERS.includes(name.toLowerCase());
}

function headersOfIds({ traceId, session }: CallIds): NameValue[] {
  const trace = { name: TRACE_HEADER, value: traceId };
  return session === undefined ? [trace] : [trace, { name: SESSION_HEADER, value: session }];
}

/** The length of the body that another request would get, where the API told it. A 204 is of no body at all. */
function lengthElsewhere(statusCode: number, ofBody: readonly NameValue[]): NameValue[] {
  const value = headerValue(ofBody, 'content-length') ?? '';
  return statusCode !== 204 && /^\d{1,15}$/.test(value) ? [{ name: 'Content-Length', value }] : [];
}
