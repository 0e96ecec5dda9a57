import { status as Code, type ServiceError } from '@grpc/grpc-js';
import { detailIn, reasonOf, trailerOf } from '../proxy/control/rpc/error-details.js';
import { AdminFailure, EXIT, type ExitCode, type FieldFault } from './exit-codes.js';

/** The facts by which a failure is explained. */
export interface Circumstances {
  readonly server: string;
  readonly certificate: string;
}

const CODES: Partial<Record<Code, ExitCode>> = {
  [Code.INVALID_ARGUMENT]: EXIT.usage,
  [Code.PERMISSION_DENIED]: EXIT.denied,
  [Code.UNAUTHENTICATED]: EXIT.denied,
  [Code.NOT_FOUND]: EXIT.notFound,
  [Code.UNAVAILABLE]: EXIT.unavailable,
  [Code.DEADLINE_EXCEEDED]: EXIT.unavailable,
};

/** Reasons of a server that itself answers, while something behind it does not. */
const OF_THE_FLEET: ReadonlySet<string> = new Set(['REPLICA_UNREACHABLE', 'STORE_UNREACHABLE']);

/** The failure of a call, in words that help, with the exit code of the command. */
export function failureOf(error: ServiceError, circumstances: Circumstances): AdminFailure {
  if (isRefusedCertificate(error)) return new AdminFailure(refusedCertificate(error, circumstances), EXIT.denied);
  const fields = error.code === Code.INVALID_ARGUMENT ? wrongFields(error) : [];
  return new AdminFailure(textOf(error, circumstances, fields), CODES[error.code] ?? EXIT.failed, fields);
}

/** Whether this is the end of a call that the caller itself cancelled. */
export function isCancelled(error: ServiceError): boolean {
  return error.code === Code.CANCELLED;
}

function textOf(error: ServiceError, { server, certificate }: Circumstances, fields: readonly FieldFault[]): string {
  switch (error.code) {
    case Code.UNAVAILABLE:
      if (OF_THE_FLEET.has(reasonOf(error))) return error.details;
      if (NO_TLS.test(error.details)) return `what listens at ${server} speaks no TLS${NOT_CONTROL}`;
      // A server that does not take up HTTP/2 answers in words of HTTP/1.1, which break it.
      if (NO_HTTP2.test(error.details))
        return `what listens at ${server} speaks TLS without HTTP/2, as the peers' port does${NOT_CONTROL}`;
      return `nothing answers at ${server}: ${plain(error.details)}\nIs the proxy running there? Name another place with --server.`;
    case Code.DEADLINE_EXCEEDED:
      return `${server} did not answer in time; give it more with --timeout`;
    case Code.PERMISSION_DENIED:
    case Code.UNAUTHENTICATED:
      return `${error.details}\nThe certificate came from ${certificate}; name another with --cert.`;
    case Code.UNIMPLEMENTED:
      return `${server} does not know this call: is it the control port of a ws-proxy of this version?`;
    case Code.INVALID_ARGUMENT:
      return fields.map(({ field, description }) => `${field}: ${description}`).join('\n') || error.details;
    default:
      return error.details;
  }
}

const NO_TLS = /wrong version number|packet length too long/i;
const NO_HTTP2 = /\bProtocol error\b/;
const NOT_CONTROL = ': it is not the control port\nThat is 5051 unless it was moved; name it with --server.';

/** The library wraps what the system said in words of its own. */
function plain(details: string): string {
  return details
    .replace(/^No connection established\. Last error: (?:Error: )?/, '')
    .replace(/\.? Resolution note: $/, '');
}

/** Flags that are not named as the field that they give. */
const FLAGS: Readonly<Record<string, string>> = {
  batch_interval: '--interval',
  batch_size: '--batch',
  block_duration: '--block',
  deadline: '--deadline',
  duration: '--duration',
  limit: '--limit',
  max_body_bytes: '--max-body',
  order_by: '--order-by',
  page_size: '--limit',
  peer_uid: '--peer',
  reason: '--reason',
  request_id: '--request-id',
  retry_spread: '--spread',
};

function wrongFields(error: ServiceError): FieldFault[] {
  const bad = detailIn<{ field_violations: readonly FieldFault[] }>(trailerOf(error), 'BadRequest');
  return (bad?.field_violations ?? []).map(({ field, description }) => ({ field: FLAGS[field] ?? field, description }));
}

/** The edge ends the handshake of a certificate that it does not accept; Node tells the alert in the details only. */
function isRefusedCertificate({ code, details }: ServiceError): boolean {
  return (
    code === Code.UNAVAILABLE && /alert (?:unknown ca|bad certificate|certificate|handshake failure)/i.test(details)
  );
}

function refusedCertificate({ details }: ServiceError, { server, certificate }: Circumstances): string {
  const alert = /alert ([a-z ]+)/i.exec(details)?.[1]?.trim() ?? 'refused';
  return `the edge at ${server} does not accept the certificate in ${certificate}: ${alert}\nIs it of the right CA, in its time and not revoked?`;
}
