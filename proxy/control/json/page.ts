import type { IncomingMessage, ServerResponse } from 'node:http';
import { status as Code } from '@grpc/grpc-js';
import type { Clock } from '../../ports/clock.js';
import type { Gate } from '../rpc/caller.js';
import { statusOf } from '../rpc/fault.js';
import { AuditLine } from '../rpc/interceptor.js';
import type { CallAudit } from '../rpc/ports.js';
import { PAGE_CALL } from '../rpc/rights.js';
import { refuse, refuseVerb } from './reply.js';
import { metadataOf } from './request-metadata.js';
import type { Viewings } from './viewings.js';

/** Answers a GET of one path; the whole answer is its own. */
export type Page = (request: IncomingMessage, response: ServerResponse) => void;

/** What it takes to serve a page. */
export interface PageParts {
  readonly gate: Gate;
  readonly audit: CallAudit;
  readonly clock: Clock;
  /** Which requests the audit has a line of. */
  readonly viewings: Viewings;
  /** Is called with an exception that is not an answer. */
  readonly defect: (error: unknown) => void;
}

/**
 * Serves a page to who has the right to see it. The audit has a line of whoever looks, as `Viewings` tells, and of whoever is refused.
 */
export function servePage(
  parts: PageParts,
  page: Page,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method: verb = '' } = request;
  const line = new AuditLine(PAGE_CALL, parts.audit, parts.clock);
  const metadata = metadataOf(request.rawHeaders);
  let fingerprint: string;
  try {
    fingerprint = line.admit(parts.gate, metadata).identity.fingerprint;
  } catch (error) {
    const failure = statusOf(error);
    line.end(failure.code, failure.details);
    refuse(response, failure);
    return;
  }
  if (verb !== 'GET' && verb !== 'HEAD') {
    refuseVerb(response, verb, 'GET, HEAD');
    return;
  }
  if (parts.viewings.hasLine(path, fingerprint)) line.end(Code.OK);
  try {
    page(request, response);
  } catch (error) {
    parts.defect(error);
    if (response.headersSent) response.destroy();
    else refuse(response, statusOf(error));
  }
}
