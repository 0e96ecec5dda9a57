import { WebSocket } from 'ws';

export interface Message {
  readonly data: Buffer;
  readonly binary: boolean;
}

/** The end of a connection as the client saw it. */
export interface Closure {
  readonly code: number;
  readonly reason: string;
}

/** The messages and the end of a websocket, kept until a test asks for them. */
export class KeptMessages {
  /** The close by the other end. */
  readonly closed: Promise<Closure>;
  readonly #ws: WebSocket;
  readonly #inbox: Message[] = [];
  #wake: (() => void) | undefined;

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('message', (data, binary) => {
      this.#inbox.push({ data: data as Buffer, binary });
      this.#wake?.();
    });
    ws.on('error', () => {});
    this.closed = new Promise((resolve) => {
      ws.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake?.();
      });
    });
  }

  /** The next message that came or comes; rejects when the connection ends first. */
  async next(): Promise<Message> {
    for (;;) {
      const message = this.#inbox.shift();
      if (message !== undefined) return message;
      if (this.#ws.readyState === WebSocket.CLOSED) throw new Error('the connection ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
