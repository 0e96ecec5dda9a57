import { status as Code, type ServiceError } from '@grpc/grpc-js';
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
