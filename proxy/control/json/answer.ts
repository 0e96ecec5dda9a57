import { fromBinary, toJson } from '@bufbuild/protobuf';
import { status as Code, type StatusObject } from '@grpc/grpc-js';
import { jsonText } from '../../wire/json-text.js';
import { type JsonCall, messageNamed, registry } from './calls.js';

/** HTTP status of each gRPC code (google/rpc/code.proto). */
const HTTP_STATUS: Readonly<Record<Code, number>> = {
  [Code.OK]: 200,
  [Code.CANCELLED]: 499,
  [Code.UNKNOWN]: 500,
  [Code.INVALID_ARGUMENT]: 400,
  [Code.DEADLINE_EXCEEDED]: 504,
  [Code.NOT_FOUND]: 404,
  [Code.ALREADY_EXISTS]: 409,
  [Code.PERMISSION_DENIED]: 403,
  [Code.RESOURCE_EXHAUSTED]: 429,
  [Code.FAILED_PRECONDITION]: 400,
  [Code.ABORTED]: 409,
  [Code.OUT_OF_RANGE]: 400,
  [Code.UNIMPLEMENTED]: 501,
  [Code.INTERNAL]: 500,
  [Code.UNAVAILABLE]: 503,
  [Code.DATA_LOSS]: 500,
  [Code.UNAUTHENTICATED]: 401,
};

/** Returns the HTTP status of a gRPC code. */
export function httpStatusOf(code: Code): number {
  return HTTP_STATUS[code] ?? 500;
}

/** Turns a response of that call from its gRPC bytes into one line of JSON with a newline. */
export function answerLine(call: JsonCall, response: Uint8Array): string {
  const message = fromBinary(call.output, response);
  return `${jsonText(toJson(call.output, message, { alwaysEmitImplicit: true, registry }))}\n`;
}

/** Writes a failure as google.rpc.Status in JSON. */
export function statusJson({ code, details, metadata }: StatusObject): object {
  const [trailer] = metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(trailer)) return { code, message: details, details: [] };
  const message = messageNamed('google.rpc.Status');
  return toJson(message, fromBinary(message, trailer), { alwaysEmitImplicit: true, registry }) as object;
}
