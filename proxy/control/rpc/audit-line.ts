import { status as Code, type Metadata } from '@grpc/grpc-js';
import type { Clock } from '../../ports/clock.js';
import type { Identity } from '../../x509/identity.js';
import type { CallAudit } from './ports.js';

/** Longest value that the audit shows, characters. */
export const MAX_SHOWN_CHARS = 256;

/** The audit's line of one call; it is written once. */
export class AuditLine {
  caller: Identity | undefined;
  request: Readonly<Record<string, string>> = {};
  /** True for the edge's own health checks, which have no caller and no line. */
  silent = false;
  /** Full path of the call. */
  readonly method: string;
  readonly #audit: CallAudit;
  readonly #clock: Clock;
  readonly #began: number;
  #requestId = '';
  #ended = false;

  constructor(method: string, audit: CallAudit, clock: Clock) {
    this.method = method;
    this.#audit = audit;
    this.#clock = clock;
    this.#began = clock.steady();
  }

  /** Takes the request id that joins the line with the edge's access log. */
  joinTo(metadata: Metadata): void {
    this.#requestId = String(metadata.get('x-request-id')[0] ?? '').slice(0, MAX_SHOWN_CHARS);
  }

  end(code: Code, message = ''): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.silent) return;
    this.#audit.record({
      method: this.method,
      ...(this.caller === undefined ? {} : { caller: this.caller }),
      code: Code[code] ?? String(code),
      ...(code === Code.OK || message === '' ? {} : { message }),
      request: this.request,
      duration: this.#clock.steady() - this.#began,
      requestId: this.#requestId,
    });
  }
}
