import type { Socket as RawSocket } from 'node:net';

/** Sends messages on one connection. */
export interface MessageWriter {
  /** Memory of the added messages that the operating system has not taken, in bytes; 0 when nothing waits. */
  readonly backlog: number;
  /** Sends one message at the end of this turn of the event loop. */
  add(data: Buffer, binary: boolean): void;
}

/** Owns a message writer, which reports the end of its writes to it. */
export interface Sender {
  /** A write has ended. */
  written(): void;
}

/** Counts the bytes of a connection for the core's Socket, in the same way whether we or the library read it. */
export abstract class Connection<Out extends MessageWriter> implements Sender {
  readonly raw: RawSocket;
  readonly writer: Out;

  /** @param makeWriter makes the message writer */
  protected constructor(raw: RawSocket, makeWriter: (sender: Sender) => Out) {
    this.raw = raw;
    this.writer = makeWriter(this);
  }

  abstract written(): void;

  get backlog(): number {
    return this.writer.backlog;
  }

  get received(): number {
    return this.raw.bytesRead;
  }

  get taken(): number {
    return bytesTaken(this.raw);
  }
}

/**
 * The counts that libuv keeps of a stream; Node shows them on the handle alone. The public counts change only when a whole write has
 * ended, so a slow line in the middle of 1 MiB would look like a line that takes nothing.
 */
interface Handle {
  /** Bytes handed to libuv. */
  readonly bytesWritten: number;
  /** Bytes of `bytesWritten` that the operating system has not taken. */
  readonly writeQueueSize: number;
}

/** Bytes written to a connection that the operating system has taken. */
export function bytesTaken(raw: RawSocket): number {
  const handle = (raw as { readonly _handle?: Partial<Handle> | null })._handle;
  if (handle?.bytesWritten === undefined || handle.writeQueueSize === undefined) {
    return raw.bytesWritten - raw.writableLength;
  }
  return handle.bytesWritten - handle.writeQueueSize;
}
