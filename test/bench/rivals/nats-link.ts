import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { FrameTemplate } from '../../../bench/frame.js';
import type { LinkPlan, MessageSink } from '../../../bench/link.js';
import { NatsReader } from './nats-reader.js';

/** Time for one answer of the server, milliseconds. */
const ANSWER_MS = 30_000;
const CONNECT = { verbose: false, pedantic: false, lang: 'node', version: '1', protocol: 1, tls_required: true };

/** One client of a NATS server on a bare TLS socket, at the cost of a bare websocket: the generator's share is the same for all. */
export class NatsLink {
  readonly #socket: Socket;
  onMessage: MessageSink = () => {};
  onEnd: (reason: string) => void = () => {};
  #reason = 'the connection broke off';
  #ponged: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new NatsReader({
      message: (buffer, at, length) => this.onMessage(buffer, at, length),
      line: (text) => this.#line(text),
    });
    socket.on('data', (piece: Buffer) => reader.push(piece));
    socket.on('error', (error) => {
      this.#reason = error.message;
    });
    socket.once('close', () => this.onEnd(this.#reason));
  }

  /** Connects, shows its certificate and subscribes to the subject. Rejects with one line that says what the server answered. */
  static async open({ url, context, localAddress }: LinkPlan, subject: string): Promise<NatsLink> {
    if (context === undefined) throw new Error('a client of NATS has a certificate here');
    const where = { host: url.hostname, port: Number(url.port) };
    const plain = connectTcp(localAddress === undefined ? where : { ...where, localAddress });
    plain.setNoDelay(true);
    // The server speaks first, in clear text, and waits for the handshake.
    await once(plain, 'data', { signal: AbortSignal.timeout(ANSWER_MS) });
    const link = new NatsLink(await handshake(plain, context));
    await link.#subscribe(subject);
    return link;
  }

  /** Sends one message, in a write of its own. */
  add(template: FrameTemplate, id: number): void {
    const { length } = template.frame;
    const message = Buffer.allocUnsafe(length);
    template.write(message, 0, id, length);
    this.#socket.write(message);
  }

  /** Nothing waits to be sent. */
  flush(): void {}

  close(): void {
    this.#socket.destroy();
  }

  /** Resolves when the server has the subscription: it answers in order. */
  #subscribe(subject: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no PONG within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
      this.#ponged = () => {
        clearTimeout(timer);
        resolve();
      };
      this.onEnd = (reason) => {
        clearTimeout(timer);
        reject(new Error(`NATS: ${reason}`));
      };
      this.#socket.write(`CONNECT ${JSON.stringify(CONNECT)}\r\nSUB ${subject} 1\r\nPING\r\n`);
    });
  }

  #line(text: string): void {
    if (this.#socket.destroyed) return;
    if (text === 'PING') this.#socket.write('PONG\r\n');
    if (text === 'PONG') this.#ponged();
    if (!text.startsWith('-ERR')) return;
    // After some errors the server goes on, with less than it was asked for.
    this.#reason = text;
    this.#socket.destroy();
  }
}

async function handshake(socket: Socket, secureContext: SecureContext): Promise<Socket> {
  // The stage has made the server's certificate; only the chain is checked here.
  const secure = connectTls({ socket, secureContext, checkServerIdentity: () => undefined });
  await once(secure, 'secureConnect', { signal: AbortSignal.timeout(ANSWER_MS) });
  return secure;
}
