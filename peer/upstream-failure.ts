import type { BodyProblem } from './http-body.js';

/** The reasons why the HTTP API gave no response that can be passed on; `upstream_` before it is the reason in the answer. */
export type UpstreamReason =
  /** No connection. */
  | 'unreachable'
  /** The connection ended before the response was whole. */
  | 'broken_off'
  /** No whole response before the deadline. */
  | 'timeout'
  /** It is not HTTP. */
  | 'malformed'
  /** The status line and headers are over the limit. */
  | 'headers_too_big'
  /** The API sent 101, or spoke another protocol, unasked. */
  | 'upgraded'
  /** A status that no response has. */
  | 'invalid'
  /** A body over the limit. */
  | 'too_big'
  /** A transfer coding besides `chunked`. */
  | 'unknown_transfer';

/** A call to the HTTP API without a response. The message is one line for people. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly reason: UpstreamReason;

  constructor(reason: UpstreamReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Codes of a connection that was there and ended. */
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** The meaning of an error of Node's client. */
export function ofError({ code = 'ECONNRESET' }: NodeJS.ErrnoException): UpstreamFailure {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new UpstreamFailure('headers_too_big', "the response's status line and headers have over 16 KiB");
  }
  if (code.startsWith('HPE_')) return new UpstreamFailure('malformed', `the response is not HTTP (${code})`);
  if (BROKEN.has(code)) return new UpstreamFailure('broken_off', `the HTTP API broke the connection off (${code})`);
  const help = UNKNOWN_CA.test(code) ? '; name the CA of its certificate' : '';
  return new UpstreamFailure('unreachable', `the HTTP API cannot be reached (${code})${help}`);
}

/** Codes of a certificate that leads to no CA that is trusted. */
const UNKNOWN_CA = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

/** The meaning of a problem of a response's body. `maxBody` in bytes. */
export function ofProblem(problem: BodyProblem, maxBody: number): UpstreamFailure {
  switch (problem) {
    case 'too_big':
      return new UpstreamFailure('too_big', `the response's body has over ${maxBody} bytes, the most that it may have`);
    case 'broken_off':
      return new UpstreamFailure('broken_off', "the HTTP API broke the response's body off");
    case 'unknown_transfer':
      return new UpstreamFailure('unknown_transfer', 'the response has a Transfer-Encoding besides chunked');
  }
}
