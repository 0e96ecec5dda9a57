import { once } from 'node:events';
import { WebSocket, type ClientOptions as WsOptions } from 'ws';
import { hello } from './fixtures.js';
import type { Issued } from './raw-authority.js';

/** Options of ws; the types lag behind it. */
export type ClientOptions = WsOptions & { readonly autoPong?: boolean };

/** How a connection ended, as the client saw it. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A peer's websocket: what comes is kept until it is asked for. */
export class WssClient {
  readonly ws: WebSocket;
  readonly closed: Promise<Closed>;
  /** Headers of the 101. */
  upgraded: Readonly<Record<string, string | string[] | undefined>> = {};
  readonly #inbox: Buffer[] = [];
  #waiting: ((message: Buffer) => void)[] = [];

  private constructor(ws: WebSocket) {
    this.ws = ws;
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    ws.on('error', () => {});
    ws.on('upgrade', ({ headers }) => {
      this.upgraded = headers;
    });
    ws.on('message', (data: Buffer) => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#inbox.push(data);
      else next(data);
    });
  }

  /** Rejects when the upgrade is refused. */
  static async open(
    url: string,
    { certificate, key }: Issued,
    options: ClientOptions,
    protocols: string[] = [],
  ): Promise<WssClient> {
    const client = new WssClient(new WebSocket(url, protocols, { cert: certificate, key, ...options }));
    await once(client.ws, 'open');
    return client;
  }

  hello(peerId = 'test'): void {
    this.ws.send(hello(peerId));
  }

  send(data: string | Buffer): void {
    this.ws.send(data);
  }

  /** The next message that came or comes. */
  async next(): Promise<string> {
    const first = this.#inbox.shift();
    const message = first ?? (await new Promise<Buffer>((resolve) => this.#waiting.push(resolve)));
    return message.toString();
  }

  /** Drops the connection; resolves when it is gone. */
  async terminate(): Promise<void> {
    this.ws.terminate();
    await this.closed;
  }
}
