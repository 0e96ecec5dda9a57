import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';

/** Why NATS did not do what it was asked, in words, and of which kind as far as it matters. */
export interface Failure {
  readonly t: 'failed';
  /**
   * `nobody`: nobody takes such requests, so the stream is missing, or JetStream is off or has not begun. `missing`: the manager of streams
   * says that there is no such stream. `taken`: there is one of that name, made otherwise. `many`: there is more than one answer may have.
   * `forbidden`: this user may not.
   */
  readonly kind: 'nobody' | 'missing' | 'taken' | 'many' | 'forbidden' | 'other';
  readonly detail: string;
}

/** Codes of errors of JetStream. */
const CODE = {
  /** Another write of the subject came first; in a cluster also one that is under way. */
  conflicts: [10_071, 10_164],
  missing: 10_059,
  taken: 10_058,
  off: [10_039, 10_076],
  tooFewServers: [10_005, 10_074],
};
/** The status of an answer that would be longer than an answer may be. */
const TOO_MANY = 413;

/** True where a write was refused because the last one of its subject is another than expected. */
export function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError && CODE.conflicts.includes(error.code);
}

/** An answer of many parts broke off with this status. */
export class StatusError extends Error {
  readonly status: number;

  constructor(status: number, description: string) {
    super(description);
    this.status = status;
  }
}

/** Puts an error of the library, whatever it is, into words. */
export function failureOf(error: unknown): Failure {
  const failed = (kind: Failure['kind'], detail: string): Failure => ({ t: 'failed', kind, detail });
  const cause = rootOf(error);
  if (error instanceof JetStreamApiError) return ofJetStream(error, failed);
  if (error instanceof StatusError) return failed(error.status === TOO_MANY ? 'many' : 'other', error.message);
  if (cause instanceof errors.NoRespondersError) {
    return failed('nobody', 'nobody answers: the stream is missing, or JetStream is off there');
  }
  if (cause instanceof errors.TimeoutError) return failed('other', 'no answer in time');
  if (cause instanceof errors.PermissionViolationError) {
    const act = cause.operation === 'publish' ? 'publish to' : 'subscribe to';
    return failed(
      'forbidden',
      `this user may not ${act} ${cause.subject}: ws-proxy cluster permissions replica prints what it needs`,
    );
  }
  return failed('other', ofConnection(cause));
}

/** The library wraps what happened, more than once. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
}

function ofJetStream(error: JetStreamApiError, failed: (kind: Failure['kind'], detail: string) => Failure): Failure {
  if (error.code === CODE.missing) return failed('missing', 'there is no such stream');
  if (error.code === CODE.taken) return failed('taken', error.message);
  if (CODE.off.includes(error.code)) return failed('other', 'JetStream is off for this user’s account');
  if (CODE.tooFewServers.includes(error.code)) {
    return failed('other', `${error.message}: give --nats-replicas no more than there are servers`);
  }
  return failed('other', error.message);
}

function ofConnection(error: unknown): string {
  if (error instanceof errors.UserAuthenticationExpiredError) return 'the credentials have expired: renew them';
  if (error instanceof errors.AuthorizationError) {
    return 'it does not accept the user: look at --nats-creds, --nats-user-file or --nats-cert, and at its log';
  }
  if (!(error instanceof Error)) return String(error);
  if (/does not support 'tls'/.test(error.message)) return 'it speaks no TLS, and tls:// or --nats-ca asks for it';
  const { code } = error as NodeJS.ErrnoException;
  const hint = code === undefined ? undefined : OF_TLS.find(([pattern]) => pattern.test(code))?.[1];
  return hint === undefined ? error.message : `${error.message}: ${hint}`;
}

const OF_TLS: readonly (readonly [RegExp, string])[] = [
  [/ALTNAME/, 'dial a name that its certificate has'],
  [/SELF_SIGNED|UNABLE_TO|UNKNOWN_CA/, 'name the CA of its certificate with --nats-ca'],
  [/CERT_HAS_EXPIRED/, 'renew its certificate'],
];
