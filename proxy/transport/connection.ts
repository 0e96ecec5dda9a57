import type { Socket as RawSocket } from 'node:net';

/** The way out for messages. */
export interface Outward {
  /** Memory of what was added and the operating system has not taken, in bytes; 0 when nothing waits. */
  readonly backlog: number;
  /** Sends one message at the end of this turn of the event loop. */
  add(data: Buffer, binary: boolean): void;
}

/** Sends messages by a way out, which tells it of its writes. */
export interface Sender {
  /** A write has ended. */
  written(): void;
}

/** Counts the bytes of a connection for the core's Socket: in the same way whether we or the library read it. */
export abstract class Connection<Out extends Outward> implements Sender {
  readonly raw: RawSocket;
  readonly outward: Out;

  /** @param outward makes the way out */
  protected constructor(raw: RawSocket, outward: (sender: Sender) => Out) {
    this.raw = raw;
    this.outward = outward(this);
  }

  abstract written(): void;

  get backlog(): number {
    return this.outward.backlog;
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
 * ended, so that a slow line in the middle of 1 MiB would look like a line that takes nothing.
 */
interface Handle {
  /** Bytes handed to libuv. */
  readonly bytesWritten: number;
  /** Those of them that the operating system has not taken. */
  readonly writeQueueSize: number;
}

/** Bytes that the operating system has taken of what was written to a connection. */
function bytesTaken(raw: RawSocket): number {
  const handle = (raw as { readonly _handle?: Partial<Handle> | null })._handle;
  if (handle?.bytesWritten === undefined || handle.writeQueueSize === undefined) {
    return raw.bytesWritten - raw.writableLength;
  }
  return handle.bytesWritten - handle.writeQueueSize;
}
