import { readFileSync } from 'node:fs';
import { type ClientReadableStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { ControlServiceClient } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import { controlClient } from '../../proxy/control/rpc/client.js';
import { ControlFailure } from './failure.js';

/** Where the control API is, and with which certificate to ask. */
export interface ControlOptions {
  /** `HOST:PORT` of the control API, such as `proxy.example:5051`. */
  readonly server: string;
  /** Path of a PEM file with the certificate, or with certificate and key. The policy gives it rights. */
  readonly cert: string;
  /** Path of a PEM file with the key, where it is not in the file of the certificate. */
  readonly key?: string;
  /** Path of a PEM file with the CA that signed the server's certificate. */
  readonly ca: string;
  /** Name that the server's certificate must have, where it is not the host. */
  readonly servername?: string;
  /** Longest wait for an answer, milliseconds; 10 s when left out. Streams have none. */
  readonly timeout?: number;
}

/** Bounds of one call. */
export interface CallOptions {
  /** Longest wait for the answer, milliseconds, in place of that of the client. */
  readonly timeout?: number;
  /** Cancels the call, which then fails with the code `CANCELLED`. */
  readonly signal?: AbortSignal;
}

/** Bounds of one stream. */
export interface StreamOptions {
  /** Ends the stream, which then ends without a failure. */
  readonly signal?: AbortSignal;
}

/** Longest wait for an answer when none is given, milliseconds. */
export const USUAL_TIMEOUT = 10_000;

type Callback<Answer> = (error: ServiceError | null, answer?: Answer) => void;
type Cancellable = { cancel(): void };

/** Calls and streams over one connection, which is made at the first of them. */
export class ControlLine {
  readonly #client: ControlServiceClient;
  readonly #timeout: number;

  /** Throws the system's error where a file cannot be read, and TypeError where certificate and key are none. */
  constructor({ server, cert, key = cert, ca, servername, timeout = USUAL_TIMEOUT }: ControlOptions) {
    this.#timeout = timeout;
    const named = servername === undefined ? {} : { 'grpc.ssl_target_name_override': servername };
    this.#client = controlClient(server, secure(ca, key, cert), named);
  }

  /** Makes one call. Rejects with ControlFailure. */
  ask<Answer>(
    call: (
      client: ControlServiceClient,
      metadata: Metadata,
      options: { deadline: number },
      done: Callback<Answer>,
    ) => Cancellable,
    { timeout = this.#timeout, signal }: CallOptions = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const cancel = (): void => running.cancel();
      const running = call(this.#client, new Metadata(), { deadline: Date.now() + timeout }, (error, answer) => {
        signal?.removeEventListener('abort', cancel);
        if (error !== null) reject(new ControlFailure(error));
        else if (answer !== undefined) resolve(answer);
      });
      signal?.addEventListener('abort', cancel, { once: true });
      if (signal?.aborted === true) cancel();
    });
  }

  /** Reads a stream. Throws ControlFailure. */
  async *read<Message>(
    open: (client: ControlServiceClient, metadata: Metadata) => ClientReadableStream<Message>,
    options: StreamOptions,
  ): AsyncGenerator<Message, void> {
    try {
      yield* this.readOnce(open, options);
    } catch (error) {
      throw new ControlFailure(error as ServiceError);
    }
  }

  /** As `read`, but throws what grpc-js does. */
  async *readOnce<Message>(
    open: (client: ControlServiceClient, metadata: Metadata) => ClientReadableStream<Message>,
    { signal }: StreamOptions,
  ): AsyncGenerator<Message, void> {
    const isOver = (): boolean => signal?.aborted === true;
    if (isOver()) return;
    const stream = open(this.#client, new Metadata());
    const cancel = (): void => stream.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      for await (const message of stream) yield message as Message;
    } catch (error) {
      if (!isOver()) throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      stream.cancel();
    }
  }

  close(): void {
    this.#client.close();
  }
}

function secure(ca: string, key: string, cert: string): ReturnType<typeof credentials.createSsl> {
  const files = [readFileSync(ca), readFileSync(key), readFileSync(cert)] as const;
  try {
    return credentials.createSsl(...files);
  } catch (error) {
    throw new TypeError(`${cert} and ${key} are no certificate and its key`, { cause: error });
  }
}
