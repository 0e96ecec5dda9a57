import type { ServerResponse } from 'node:http';
import { type Client, status as Code, type Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { statusOf, stopping } from '../rpc/fault.js';
import { answerLine } from './answer.js';
import type { JsonCall } from './calls.js';
import { beginLines, failLines, refuse, reply } from './reply.js';

/** One call that is made over gRPC on behalf of an HTTP client. */
export interface CallExchange {
  readonly client: Client;
  readonly call: JsonCall;
  /** The headers of the edge, which identify the caller. */
  readonly metadata: Metadata;
  readonly request: Buffer;
  readonly response: ServerResponse;
  /** Is called with a failure that the service did not answer with. */
  readonly defect: (error: unknown) => void;
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** Makes a call that has one answer, and passes the answer on. */
export function callOnce(exchange: CallExchange): void {
  const { client, call, metadata, request, response } = exchange;
  const made = client.makeUnaryRequest(call.grpcPath, asIs, asIs, request, metadata, (error, answer) => {
    if (response.destroyed) return;
    const line = answer === undefined ? error : written(call, answer);
    if (typeof line === 'string') reply(response, 200, line);
    else refuse(response, explained(exchange, line));
  });
  response.once('close', () => made.cancel());
}

/** Makes a call that has many answers, and passes each on as a line. It reads from the service no faster than the client reads. */
export function callForMany(exchange: CallExchange): void {
  const { client, call, metadata, request, response } = exchange;
  const made = client.makeServerStreamRequest(call.grpcPath, asIs, asIs, request, metadata);
  let status: StatusObject | undefined;
  let ended = false;
  const finish = (): void => {
    if (status === undefined || !ended || response.destroyed) return;
    if (status.code === Code.OK) response.end();
    else if (response.headersSent) failLines(response, explained(exchange, status));
    else refuse(response, explained(exchange, status));
  };
  made.on('metadata', () => beginLines(response));
  made.on('data', (answer: Buffer) => {
    const line = written(call, answer);
    if (typeof line !== 'string') {
      response.destroy();
      explained(exchange, line);
      return;
    }
    beginLines(response);
    if (!response.write(line)) made.pause();
  });
  made.on('end', () => {
    ended = true;
    finish();
  });
  made.on('status', (told: StatusObject) => {
    status = told;
    finish();
  });
  // The status event reports the same failure.
  made.on('error', () => {});
  response.on('drain', () => made.resume());
  response.once('close', () => {
    made.cancel();
    made.resume();
  });
}

/** Returns the answer's line, or the error: an exception in this callback would end the process. */
function written(call: JsonCall, answer: Buffer): string | Error {
  try {
    return answerLine(call, answer);
  } catch (error) {
    return error as Error;
  }
}

/** A failure without details of the service comes from the library: the service is stopping, or it is broken. */
function explained({ defect }: CallExchange, failure: ServiceError | StatusObject | Error | null): StatusObject {
  if (failure !== null && 'code' in failure) {
    if (failure.metadata.get('grpc-status-details-bin').length > 0) return failure;
    if (failure.code === Code.UNAVAILABLE) return stopping().toStatus();
  }
  defect(failure);
  return statusOf(failure);
}
