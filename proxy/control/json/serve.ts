import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client, Metadata } from '@grpc/grpc-js';
import { Fault, pathUnknown, siteForeign, statusOf } from '../rpc/fault.js';
import { AuditLine } from '../rpc/interceptor.js';
import { bodyOf, TooLong } from './body.js';
import { callForMany, callOnce } from './call-exchange.js';
import { type Page, type PageParts, servePage } from './page.js';
import { refuse, refuseVerb } from './reply.js';
import { requestOf } from './request.js';
import { metadataOf } from './request-metadata.js';
import { type Route, routeOf } from './route.js';

/** The parts of the service that serve requests. */
export interface ServeParts extends PageParts {
  /** A client of the gRPC server that does the work. */
  readonly client: Client;
  /** The web page, by path; empty where there is none. */
  readonly pages: Readonly<Record<string, Page>>;
}

/** Serves one request. Never rejects. */
export async function serve(parts: ServeParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method: verb = '', url = '' } = request;
  const mark = url.indexOf('?');
  const [path, query] = mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const page = Object.hasOwn(parts.pages, path) ? parts.pages[path] : undefined;
  if (page !== undefined) return servePage(parts, page, path, request, response);
  const route = routeOf(verb, path);
  if (route.t === 'call') await call(parts, route, query, request, response);
  else if (route.t === 'other_verbs') refuseVerb(response, verb, route.allow);
  else refuse(response, pathUnknown().toStatus());
}

async function call(
  parts: ServeParts,
  { call: one, bound }: Route & { t: 'call' },
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const line = new AuditLine(one.grpcPath, parts.audit, parts.clock);
  const metadata = metadataOf(request.rawHeaders);
  try {
    if (isOfOtherSite(request)) throw siteForeign();
    const body = await bodyOf(request, parts.clock);
    const { 'content-type': contentType = '' } = request.headers;
    const message = requestOf(one, { bound, query, contentType, body });
    const make = one.streams ? callForMany : callOnce;
    make({ client: parts.client, call: one, metadata, request: message, response, defect: parts.defect });
  } catch (error) {
    if (response.destroyed) return;
    // The rest of a refused request is not read.
    response.setHeader('connection', 'close');
    const failure = statusOf(admitted(parts, line, metadata, error));
    line.end(failure.code, failure.details);
    refuse(response, failure, error instanceof TooLong && failure.code === error.code ? 413 : undefined);
  }
}

/**
 * Whether a browser sends the request for a page of another site (Fetch Metadata Request Headers): it adds the certificate of its user to it. That page
 * could read no answer, and yet occupy watchers and calls. Other clients send no such header.
 */
function isOfOtherSite({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}

/** Returns the error to refuse the request with. A caller without the right to the call is told of the right first. */
function admitted(parts: ServeParts, line: AuditLine, metadata: Metadata, error: unknown): unknown {
  try {
    line.admit(parts.gate, metadata);
  } catch (denied) {
    return denied;
  }
  if (!(error instanceof Fault)) parts.defect(error);
  return error;
}
