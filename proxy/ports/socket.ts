import type { EndingLabel } from '../wire/close.js';

/** One websocket connection, whichever library carries it. */
export interface Socket {
  /** Memory of what `send` took and the operating system has not, in bytes; 0 when nothing waits. */
  readonly backlog: number;
  /** Memory of a message of which only a part has come, in bytes. */
  readonly gathered: number;
  /** Bytes that came from the other end so far, parts of messages included. Only differences mean anything. */
  readonly received: number;
  /** Bytes that the operating system took so far, parts of messages included. Only differences mean anything. */
  readonly taken: number;
  /** Sets who is told; called once, before anything can arrive. */
  listen(listener: SocketListener): void;
  /** Lets messages of full size in; until then only such as a HELLO pass, and nobody holds more of ours than that. */
  allowFullSize(): void;
  /** Queues one message; what is sent in one turn of the event loop leaves in one write. Never throws. */
  send(data: Buffer, binary: boolean): void;
  ping(): void;
  /** Stops reading: the sender feels it as backpressure. What was already read may still arrive. */
  pause(): void;
  resume(): void;
  /** Sends what is queued and the close frame, then waits a bounded time for the answer. */
  close(code: number, reason: string): void;
  /** Drops the connection at once. */
  terminate(): void;
}

export interface SocketListener {
  message(data: Buffer, binary: boolean): void;
  pong(): void;
  /** The other end pinged, and was answered: a peer learns by it that the proxy lives. */
  ping?(): void;
  /** A write ended while a backlog was there; `backlog` is what is left, in bytes. */
  progress(backlog: number): void;
  /** The connection is over; called exactly once. `code` and `reason` are the peer's, where it sent them. */
  closed(label: EndingLabel, code: number, reason: string): void;
}
