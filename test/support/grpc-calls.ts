import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { detailIn, type ErrorInfo, errorInfoIn } from '../../proxy/control/rpc/error-details.js';

type Callback<Answer> = (error: ServiceError | null, answer?: Answer) => void;

/** A unary call as a promise. */
export function ask<Answer>(call: (callback: Callback<Answer>) => unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    call((error, answer) => (error === null && answer !== undefined ? resolve(answer) : reject(error)));
  });
}

/** Makes a call that must fail; resolves with its failure. */
export async function failure(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call;
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('the call was expected to fail');
}

/** The ErrorInfo that a failure carries. */
export function errorInfo(error: ServiceError): ErrorInfo {
  const info = errorInfoIn(trailerOf(error));
  if (info === undefined) throw new Error(`no ErrorInfo in ${error.message}`);
  return info;
}

/** A detail that a failure carries, by the name of its type. */
export function detail<Detail>(error: ServiceError, type: string): Detail {
  const found = detailIn<Detail>(trailerOf(error), type);
  if (found === undefined) throw new Error(`no ${type} in ${error.message}`);
  return found;
}

function trailerOf(error: ServiceError): Buffer {
  const [trailer] = error.metadata.get('grpc-status-details-bin');
  return Buffer.isBuffer(trailer) ? trailer : Buffer.alloc(0);
}

/** The messages of a stream and its end, recorded from the start. */
export class StreamLog<Message> {
  readonly messages: Message[] = [];
  error: ServiceError | undefined;
  isOver = false;
  /** True once the server has said that the stream is set up. */
  isSetUp = false;
  readonly stream: ClientReadableStream<Message>;
  #tell: () => void = () => {};

  constructor(stream: ClientReadableStream<Message>) {
    this.stream = stream;
    stream.on('metadata', () => {
      this.isSetUp = true;
      this.#tell();
    });
    stream.on('data', (message: Message) => {
      this.messages.push(message);
      this.#tell();
    });
    stream.on('error', (error) => {
      this.error = error as ServiceError;
      this.isOver = true;
      this.#tell();
    });
    stream.on('end', () => {
      this.isOver = true;
      this.#tell();
    });
  }

  /** Waits until the condition holds. */
  async until(holds: (received: this) => boolean): Promise<this> {
    while (!holds(this)) await new Promise<void>((resolve) => (this.#tell = resolve));
    return this;
  }
}
