import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { type ClientReadableStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { ControlServiceClient } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import { controlClient } from '../../proxy/control/rpc/client.js';
import { asFailure, CLOSED } from './failure.js';

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
  readonly #closed = new AbortController();

  /** Throws the system's error where a file cannot be read, and TypeError where certificate and key are none. */
  constructor({ server, cert, key = cert, ca, servername, timeout = USUAL_TIMEOUT }: ControlOptions) {
    this.#timeout = timeout;
    const named = servername === undefined ? {} : { 'grpc.ssl_target_name_override': servername };
    this.#client = controlClient(server, secure(ca, key, cert), named);
  }

  get isClosed(): boolean {
    return this.#closed.signal.aborted;
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
    if (this.isClosed) return Promise.reject(asFailure(CLOSED));
    return new Promise<Answer>((resolve, reject) => {
      let undo = (): void => {};
      const running = call(this.#client, new Metadata(), { deadline: Date.now() + timeout }, (error, answer) => {
        undo();
        if (error !== null) reject(this.isClosed ? CLOSED : error);
        else if (answer !== undefined) resolve(answer);
      });
      undo = this.#atEnd(signal, () => running.cancel());
    }).catch((error: unknown) => {
      throw asFailure(error);
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
      throw asFailure(error);
    }
  }

  /** As `read`, but throws what grpc-js does. */
  async *readOnce<Message>(
    open: (client: ControlServiceClient, metadata: Metadata) => ClientReadableStream<Message>,
    { signal }: StreamOptions,
  ): AsyncGenerator<Message, void> {
    const isOver = (): boolean => signal?.aborted === true;
    if (isOver()) return;
    if (this.isClosed) throw CLOSED;
    const stream = open(this.#client, new Metadata());
    const undo = this.#atEnd(signal, () => stream.cancel());
    try {
      for await (const message of stream) yield message as Message;
    } catch (error) {
      if (!isOver() && !this.isClosed) throw error;
    } finally {
      undo();
      stream.cancel();
    }
  }

  /** Waits, milliseconds; shorter where the signal fires or the line is closed. */
  async pause(time: number, signal: AbortSignal | undefined): Promise<void> {
    const over = new AbortController();
    const undo = this.#atEnd(signal, () => over.abort());
    await setTimeout(time, undefined, { signal: over.signal }).catch(() => {});
    undo();
  }

  /** Ends what runs: streams without a failure, calls with the code `CANCELLED`. */
  close(): void {
    this.#closed.abort();
    this.#client.close();
  }

  /** Calls `end` when the signal fires or the line is closed, at once where one has; the function returned undoes it. */
  #atEnd(signal: AbortSignal | undefined, end: () => void): () => void {
    const signals = [this.#closed.signal, ...(signal === undefined ? [] : [signal])];
    for (const one of signals) one.addEventListener('abort', end, { once: true });
    if (signals.some(({ aborted }) => aborted)) end();
    return () => {
      for (const one of signals) one.removeEventListener('abort', end);
    };
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
