import type { Socket as RawSocket } from 'node:net';

/**
 * What libuv knows of a stream; Node shows it on the handle alone. The public counts change only when a whole write has
 * ended, so that a slow line in the middle of 1 MiB would look like one that takes nothing.
 */
interface Handle {
  /** Bytes handed to libuv. */
  readonly bytesWritten: number;
  /** Those of them that the operating system has not taken. */
  readonly writeQueueSize: number;
}

/** Bytes that the operating system has taken of what was written to a connection. */
export function bytesTaken(raw: RawSocket): number {
  const handle = (raw as { readonly _handle?: Partial<Handle> | null })._handle;
  if (handle?.bytesWritten === undefined || handle.writeQueueSize === undefined) {
    return raw.bytesWritten - raw.writableLength;
  }
  return handle.bytesWritten - handle.writeQueueSize;
}
