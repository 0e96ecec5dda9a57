import { once } from 'node:events';
import { WebSocket, type ClientOptions as WsOptions } from 'ws';
import { hello } from './fixtures.js';
import { type Closure, KeptMessages } from './kept-messages.js';
import type { IssuedCertificate } from './raw-authority.js';

/** Options of ws; the types lag behind it. */
export type ClientOptions = WsOptions & { readonly autoPong?: boolean };

/** A peer's websocket, which keeps messages until a test asks for them. */
export class WssClient {
  readonly ws: WebSocket;
  readonly closed: Promise<Closure>;
  /** Headers of the 101. */
  upgraded: Readonly<Record<string, string | string[] | undefined>> = {};
  readonly #messages: KeptMessages;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    this.#messages = new KeptMessages(ws);
    this.closed = this.#messages.closed;
    ws.on('upgrade', ({ headers }) => {
      this.upgraded = headers;
    });
  }

  /** Rejects when the upgrade is refused. */
  static async open(
    url: string,
    { certificate, key }: IssuedCertificate,
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

  /** The next message that came or comes; rejects when the connection ends first. */
  async next(): Promise<string> {
    return (await this.#messages.next()).data.toString();
  }

  /** Drops the connection; resolves when it is gone. */
  async terminate(): Promise<void> {
    this.ws.terminate();
    await this.closed;
  }
}
