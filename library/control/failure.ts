import { status as Code, Metadata, type ServiceError } from '@grpc/grpc-js';
import { errorInfoIn, trailerOf } from '../../proxy/control/rpc/error-details.js';

/** A call of the control API that failed. The message is one line for people, as the server wrote it. */
export class ControlFailure extends Error {
  override readonly name = 'ControlFailure';
  /** Name of the gRPC status, such as `NOT_FOUND` or `UNAVAILABLE`. */
  readonly code: string;
  /** The reason of google.rpc.ErrorInfo, such as `SESSION_NOT_FOUND`; empty where it is not the server that says so but the edge or the network. */
  readonly reason: string;
  /** What the server names beside the reason. */
  readonly metadata: Readonly<Record<string, string>>;

  /** The client makes it of what grpc-js reports, which is its `cause`. */
  constructor(error: ServiceError) {
    super(error.details, { cause: error });
    const info = errorInfoIn(trailerOf(error));
    this.code = Code[error.code] ?? 'UNKNOWN';
    this.reason = info?.reason ?? '';
    this.metadata = info?.metadata ?? {};
  }
}

/** The failure of what is asked of a client that was closed. */
export const CLOSED: ServiceError = Object.assign(new Error('the client was closed'), {
  code: Code.CANCELLED,
  details: 'the client was closed',
  metadata: new Metadata(),
});

/** Whether grpc-js reported this as the outcome of a call. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error;
}

/** What failed, whatever was thrown: grpc-js throws some mistakes in place of reporting them. */
export function asFailure(error: unknown): ControlFailure {
  if (isServiceError(error)) return new ControlFailure(error);
  const details = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  return new ControlFailure(
    Object.assign(new Error(details, { cause: error }), { code: Code.UNKNOWN, details, metadata }),
  );
}
