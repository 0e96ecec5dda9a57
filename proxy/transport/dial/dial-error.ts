import { endings, type Label, type Retry } from '../../wire/close.js';

/** The reason why no connection was made. `retry` is the next step of a well-behaved peer, as in the close table. */
export type DialFailure =
  | {
      /** The server answered the upgrade with an HTTP status other than 101. */
      readonly t: 'refused';
      /** HTTP status. */
      readonly status: number;
      /** The label of the close table if the answer names one, else `http_<status>`. */
      readonly reason: Label | `http_${number}`;
      readonly retry: Retry;
      /** Seconds that the server asks to wait, at most {@link MAX_RETRY_AFTER_S}. */
      readonly retryAfter?: number;
    }
  /** TLS failed: one of the two certificates was not accepted. `code` is OpenSSL's or Node's. */
  | { readonly t: 'tls'; readonly code: string; readonly retry: Retry }
  /** No TCP connection was made, or it broke before the answer. `code` is the system's, such as `ECONNREFUSED`. */
  | { readonly t: 'unreachable'; readonly code: string; readonly retry: Retry }
  /** An HTTP proxy on the way opens no tunnel. `code` is the system's, or `HTTP_<status>`. */
  | { readonly t: 'http_proxy'; readonly code: string; readonly retry: Retry }
  /**
   * No complete answer came within the handshake time: `now` if there was not even a TCP connection, `later` if the server seems too
   * busy.
   */
  | { readonly t: 'timeout'; readonly retry: Retry }
  /** The answer was not that of a websocket server. */
  | { readonly t: 'not_websocket'; readonly retry: Retry }
  /** The caller gave up. */
  | { readonly t: 'aborted'; readonly retry: Retry };

/** A dial that failed. The message is one line for people: what went wrong and, if known, what to do. */
export class DialError extends Error {
  override readonly name = 'DialError';
  readonly exitCode = 1;
  readonly failure: DialFailure;

  constructor(message: string, failure: DialFailure) {
    super(message);
    this.failure = failure;
  }
}

/** Longest time for which a server may put a peer off, in seconds: it might be one bad answer among many good ones. */
export const MAX_RETRY_AFTER_S = 3600;

/** Longest text of a server that is shown, in characters. */
const MAX_MESSAGE_CHARS = 200;

/**
 * Reads a refused upgrade: status, `Retry-After` (seconds or HTTP date, RFC 9110 §10.2.3) and the JSON body
 * `{"error":{"reason","message","retry","retryAfter"?}}`. A missing or malformed part is deduced from the status, because a proxy on
 * the way may have answered instead. `now` is the wall clock, in milliseconds.
 */
export function refused(status: number, retryAfterHeader: string | undefined, body: string, now: number): DialError {
  const told = bodyOf(body);
  const reason = isLabel(told['reason']) ? told['reason'] : (`http_${status}` as const);
  const retry = isRetry(told['retry']) ? told['retry'] : retryOf(status);
  const retryAfter = seconds(retryAfterHeader, now) ?? bounded(told['retryAfter']);
  const text = typeof told['message'] === 'string' ? `: ${printable(told['message'])}` : '';
  const failure = { t: 'refused', status, reason, retry } as const;
  return new DialError(
    `the proxy refused the connection (HTTP ${status}, ${reason})${text}`,
    retryAfter === undefined ? failure : { ...failure, retryAfter },
  );
}

/** Sorts an error of the system, of TLS or of the websocket library into a {@link DialError}. */
export function failed(error: Error & { readonly code?: unknown }): DialError {
  const code = typeof error.code === 'string' ? error.code : '';
  const known = tlsFaults.find(([pattern]) => pattern.test(code));
  if (known !== undefined) return new DialError(`${known[1]} (${code})`, { t: 'tls', code, retry: known[2] });
  if (NO_TLS.test(code) || (code === 'EPROTO' && NO_TLS.test(error.message.replaceAll(' ', '_')))) {
    const text = 'what listens there speaks no TLS: it is not the port for peers';
    return new DialError(`${text} (${code})`, { t: 'tls', code, retry: 'later' });
  }
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|EPROTO)/.test(code)) {
    return new DialError(`TLS failed (${code})`, { t: 'tls', code, retry: 'later' });
  }
  if (/^E[A-Z_]+$/.test(code) && !code.startsWith('ERR_')) {
    const text = systemFaults[code] ?? 'the connection could not be made';
    return new DialError(`${text} (${code})`, { t: 'unreachable', code, retry: 'now' });
  }
  return new DialError(`no websocket there: ${printable(error.message)}`, { t: 'not_websocket', retry: 'later' });
}

/** A server's words end on a terminal, so they become one bounded line without control characters. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, MAX_MESSAGE_CHARS);
}

/** What OpenSSL makes of an answer that is not TLS; some versions of Node say it in the message alone. */
const NO_TLS = /wrong_version_number|packet_length_too_long/i;

/** A refusal of our own certificate comes as a TLS alert: only another certificate helps. */
const tlsFaults: readonly (readonly [RegExp, string, Retry])[] = [
  [/ALTNAME/, "the server's certificate is for another name; say which to expect (--servername)", 'later'],
  [
    /CERTIFICATE_REQUIRED/,
    'the proxy asks for a client certificate and got none: we have none, or none with a key that it takes',
    'never',
  ],
  [/ALERT_UNKNOWN_CA/, 'the proxy does not know the CA of our certificate', 'never'],
  [/ALERT_CERTIFICATE_EXPIRED/, 'the proxy refuses our certificate: it has expired, or is not valid yet', 'never'],
  [/ALERT_CERTIFICATE_REVOKED/, 'the proxy refuses our certificate: it is revoked', 'never'],
  [
    /ALERT_(CERTIFICATE_UNKNOWN|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/,
    'the proxy refuses our certificate',
    'never',
  ],
  [/^CERT_HAS_EXPIRED$/, "the server's certificate has expired", 'later'],
  [/^CERT_NOT_YET_VALID$/, "the server's certificate is not valid yet: is the clock of this machine behind?", 'later'],
  [
    /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT.*|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/,
    "the server's certificate is not signed by the CA given (--ca)",
    'later',
  ],
];

/** The meaning of the system's error codes, for people. */
export const systemFaults: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection broke off before the answer; the proxy may refuse our certificate',
  EPIPE: 'the connection broke off',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
};

function bodyOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return record(record(parsed)['error']);
  } catch {
    return {};
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function isLabel(value: unknown): value is Label {
  return typeof value === 'string' && Object.hasOwn(endings, value);
}

function isRetry(value: unknown): value is Retry {
  return value === 'now' || value === 'later' || value === 'never';
}

/** The client's own fault (RFC 9110 §15.5) does not go away by repeating the request, except for a few statuses that say so. */
function retryOf(status: number): Retry {
  const passing = status >= 500 || [408, 409, 421, 425, 429].includes(status);
  return passing ? 'later' : 'never';
}

function seconds(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return bounded(Number(header));
  // Date.parse takes many texts that are no date of HTTP, such as `-3`.
  const date = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : bounded(Math.max(0, Math.ceil((date - now) / 1000)));
}

function bounded(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
  return Math.min(value, MAX_RETRY_AFTER_S);
}
