import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';

/** The messages of a stream, for a reader who takes them when it has room: the library holds a few, and then the sender waits. */
export interface MessageSource<Message> {
  /** Called when there may be a message to take, or the stream has ended. */
  onNews: () => void;
  /** True once the sender has said that the stream is set up, be it without a message. */
  readonly isSetUp: boolean;
  /** Takes the next message that has come; undefined when there is none now. */
  take(): Message | undefined;
  /** How the stream ended, once every message is taken: `done` when it ended well. Undefined while it goes on. */
  readonly ending: 'done' | ServiceError | undefined;
  /** Ends the stream; there is no news after it. */
  cancel(): void;
}

/** The messages of a gRPC stream. */
export class StreamSource<Message> implements MessageSource<Message> {
  onNews: () => void = () => {};
  isSetUp = false;
  readonly #stream: ClientReadableStream<Message>;
  #ending: 'done' | ServiceError | undefined;
  #isEmpty = false;

  constructor(stream: ClientReadableStream<Message>) {
    this.#stream = stream;
    stream.on('metadata', () => {
      this.isSetUp = true;
      this.onNews();
    });
    stream.on('readable', () => {
      this.#isEmpty = false;
      this.onNews();
    });
    stream.on('end', () => this.#ended('done'));
    // A failure comes while messages before it may still wait to be taken.
    stream.on('error', (error) => this.#ended(error as ServiceError));
  }

  take(): Message | undefined {
    const message = this.#stream.read() as Message | null;
    this.#isEmpty = message === null;
    return message ?? undefined;
  }

  get ending(): 'done' | ServiceError | undefined {
    return this.#isEmpty ? this.#ending : undefined;
  }

  cancel(): void {
    this.onNews = () => {};
    this.#stream.cancel();
  }

  #ended(how: 'done' | ServiceError): void {
    this.#ending ??= how;
    this.onNews();
  }
}

/** A stream that could not even be opened. */
export class FailedSource implements MessageSource<never> {
  onNews: () => void = () => {};
  readonly isSetUp = false;
  readonly ending: ServiceError;

  constructor(failure: ServiceError) {
    this.ending = failure;
    queueMicrotask(() => this.onNews());
  }

  take(): undefined {
    return undefined;
  }

  cancel(): void {
    this.onNews = () => {};
  }
}
