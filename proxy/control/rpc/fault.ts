import { status as Code, Metadata, type StatusObject } from '@grpc/grpc-js';
import type { BadRequest } from '../generated/google/rpc/BadRequest.js';
import type { ResourceInfo } from '../generated/google/rpc/ResourceInfo.js';
import type { RetryInfo } from '../generated/google/rpc/RetryInfo.js';
import { codecOf } from './contract.js';
import { DETAILS_TRAILER, packed, packedErrorInfo } from './error-details.js';

/** `ErrorInfo.domain`, under which the reasons are defined (AIP-193). */
const ERROR_DOMAIN = 'wsproxy.micronets';

/** `ErrorInfo.reason`: the cause of a call's failure, for programs. */
export type Reason =
  | 'IDENTITY_MISSING'
  | 'IDENTITY_MALFORMED'
  | 'CERTIFICATE_EXPIRED'
  | 'RIGHT_MISSING'
  | 'SITE_FOREIGN'
  | 'FIELD_INVALID'
  | 'SESSION_NOT_FOUND'
  | 'PEER_NOT_FOUND'
  | 'BLOCK_NOT_FOUND'
  | 'REPLICA_NOT_FOUND'
  | 'REPLICA_UNREACHABLE'
  | 'REPLICA_REPLACED'
  | 'STORE_UNREACHABLE'
  | 'BLOCKS_FULL'
  | 'WATCHERS_FULL'
  | 'TAPS_FULL'
  | 'LOG_LEVELS_FULL'
  | 'WATCHER_TOO_SLOW'
  | 'RESUME_TOKEN_EXPIRED'
  | 'REQUEST_ID_REUSED'
  | 'POLICY_INVALID'
  | 'PATH_UNKNOWN'
  | 'VERB_UNKNOWN'
  | 'REQUEST_TOO_LONG'
  | 'REQUEST_INVALID'
  | 'RATE_LIMITED'
  | 'SERVICE_UNREACHABLE'
  | 'HISTORY_OFF'
  | 'STOPPING'
  | 'INTERNAL';

type FaultDetail =
  | { readonly type: 'BadRequest'; readonly value: BadRequest }
  | { readonly type: 'ResourceInfo'; readonly value: ResourceInfo }
  | { readonly type: 'RetryInfo'; readonly value: RetryInfo };

/** The failure of a call as its caller sees it (AIP-193): status code, one sentence, a reason for programs, details. */
export class Fault extends Error {
  readonly code: Code;
  readonly reason: Reason;
  readonly #particulars: Readonly<Record<string, string>>;
  readonly #details: readonly FaultDetail[];

  constructor(
    code: Code,
    reason: Reason,
    message: string,
    more: { readonly particulars?: Readonly<Record<string, string>>; readonly details?: readonly FaultDetail[] } = {},
  ) {
    super(message);
    this.name = 'Fault';
    this.code = code;
    this.reason = reason;
    this.#particulars = more.particulars ?? {};
    this.#details = more.details ?? [];
  }

  /** Returns code, text and the trailer with the details. */
  toStatus(): StatusObject {
    const info = { reason: this.reason, domain: ERROR_DOMAIN, metadata: this.#particulars };
    const details = [packedErrorInfo(info), ...this.#details.map(({ type, value }) => packed(type, value))];
    const trailer = codecOf('google.rpc.Status').serialize({ code: this.code, message: this.message, details });
    const metadata = new Metadata();
    metadata.set(DETAILS_TRAILER, trailer);
    return { code: this.code, details: this.message, metadata };
  }
}

/** A field of the request is wrong; the description says what is wrong and what would be right. */
export function badField(field: string, description: string): Fault {
  return new Fault(Code.INVALID_ARGUMENT, 'FIELD_INVALID', `${field}: ${description}`, {
    particulars: { field },
    details: [{ type: 'BadRequest', value: { field_violations: [{ field, description }] } }],
  });
}

/** The resource does not exist, or no longer exists. */
export function notFound(kind: 'Session' | 'Peer' | 'Block' | 'Replica', name: string, description: string): Fault {
  const reason = `${kind.toUpperCase() as Uppercase<typeof kind>}_NOT_FOUND` as const;
  return new Fault(Code.NOT_FOUND, reason, `${name}: ${description}`, {
    details: [{ type: 'ResourceInfo', value: { resource_type: kind, resource_name: name, description } }],
  });
}

/** A bound is reached; the caller may try again after that many seconds. */
export function full(reason: Extract<Reason, `${string}_FULL`>, message: string, seconds: number): Fault {
  return new Fault(Code.RESOURCE_EXHAUSTED, reason, message, {
    details: [retryAfter(seconds)],
  });
}

/** The detail by which a caller may try again after that many seconds. */
export function retryAfter(seconds: number): FaultDetail {
  return { type: 'RetryInfo', value: { retry_delay: { seconds, nanos: 0 } } };
}

/** No call has this path. */
export function pathUnknown(): Fault {
  return new Fault(Code.NOT_FOUND, 'PATH_UNKNOWN', 'no call has this path');
}

/** Another web page made a browser ask this. */
export function siteForeign(): Fault {
  return new Fault(Code.PERMISSION_DENIED, 'SITE_FOREIGN', 'pages of other sites may not ask this');
}

/** This replica stops and takes no more calls. */
export function stopping(): Fault {
  return new Fault(Code.UNAVAILABLE, 'STOPPING', 'this replica stops: connect again');
}

/** Returns the status for an exception: a Fault's own status, or INTERNAL without the text of a defect. */
export function statusOf(error: unknown): StatusObject {
  if (error instanceof Fault) return error.toStatus();
  return new Fault(Code.INTERNAL, 'INTERNAL', 'internal error; the log of the service has the reason').toStatus();
}
