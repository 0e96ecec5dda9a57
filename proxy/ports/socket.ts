import type { EndingLabel } from '../wire/close.js';

/** One websocket connection, whichever library carries it. */
export interface Socket {
  /** Memory of the sent messages that the operating system has not taken, in bytes; 0 when nothing waits. */
  readonly backlog: number;
  /** Memory of a message that has come only in part, in bytes. */
  readonly gathered: number;
  /** Bytes that came from the other end so far, parts of messages included. Only differences mean anything. */
  readonly received: number;
  /** Bytes that the operating system took so far, parts of messages included. Only differences mean anything. */
  readonly taken: number;
  /** Sets the listener; called once, before anything can arrive. */
  listen(listener: SocketListener): void;
  /**
   * Lets messages of full size in. Until then only short messages such as a HELLO pass, so a peer without a pair cannot hold more of
   * our memory.
   */
  allowFullSize(): void;
  /** Queues one message; the messages of one turn of the event loop leave in one write. Never throws. */
  send(data: Buffer, binary: boolean): void;
  ping(): void;
  /** Stops reading, which the sender feels as backpressure. Messages that were already read may still arrive. */
  pause(): void;
  resume(): void;
  /** Sends the queued messages and the close frame, then waits a bounded time for the answer. */
  close(code: number, reason: string): void;
  /** Drops the connection at once. */
  terminate(): void;
}

export interface SocketListener {
  message(data: Buffer, binary: boolean): void;
  pong(): void;
  /** The other end sent a ping, which was answered: a peer learns from its ping that the proxy lives. */
  ping?(): void;
  /** A write ended while there was a backlog; `backlog` is the rest, in bytes. */
  progress(backlog: number): void;
  /** The connection is over; called exactly once. `code` and `reason` are the peer's, if it sent them. */
  closed(label: EndingLabel, code: number, reason: string): void;
}
