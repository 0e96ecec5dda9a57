import { randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { CLOSE, clientFrame, type FrameTemplate, PING, PONG, TEXT } from './frame.js';
import { FrameReader } from './frame-reader.js';

/** The plan for one connection. */
export interface LinkPlan {
  readonly url: URL;
  /** Absent: plain TCP. */
  readonly context?: SecureContext;
  /** Source address; many of them make room for more than 28,000 connections to one port. */
  readonly localAddress?: string;
}

/** Is shown each message: its first bytes lie in `buffer` at `at`, all of it is `length` bytes long. */
export type MessageSink = (buffer: Buffer, at: number, length: number) => void;

/** Time for TLS handshake and upgrade, milliseconds. */
const CONNECT_MS = 30_000;
/** Longest answer to an upgrade, bytes. */
const MAX_ANSWER_BYTES = 16 * 1024;
/** Frames of one turn are gathered in pieces of this size, bytes; a frame that is longer is not copied. */
const SLAB_BYTES = 64 * 1024;
const COPIED_BYTES = 16 * 1024;

/** One client connection on a bare socket: a tenth of the cost of a websocket library, and nothing but what is measured. */
export class Link {
  readonly socket: Socket;
  /** The receiver of messages; the user of the link sets it. */
  onMessage: MessageSink = () => {};
  /** Called once when the connection ends, on either side; the reason where the server gave one. */
  onEnd: (reason: string) => void = () => {};
  /** True: no message waits for the others of its turn. */
  writesAlone = false;
  #slab = Buffer.allocUnsafe(SLAB_BYTES);
  #from = 0;
  #to = 0;
  #reason = 'the connection broke off';

  private constructor(socket: Socket, early: Buffer) {
    this.socket = socket;
    const reader = new FrameReader((opcode, buffer, at, length) => this.#frame(opcode, buffer, at, length));
    socket.on('data', (piece: Buffer) => {
      reader.push(piece);
      // The answers to the messages of this piece leave in one write.
      this.flush();
    });
    socket.once('close', () => this.onEnd(this.#reason));
    if (early.length > 0) queueMicrotask(() => reader.push(early));
  }

  /** Connects and upgrades. Rejects with one line that says what the server answered. */
  static async open(plan: LinkPlan): Promise<Link> {
    const socket = dial(plan);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const early = await upgrade(socket, plan.url);
    return new Link(socket, early);
  }

  /** Puts one message into what `flush` sends. */
  add(template: FrameTemplate, id: number): void {
    const { frame } = template;
    const copied = frame.length <= COPIED_BYTES ? frame.length : template.idsEnd;
    if (this.#to + copied > SLAB_BYTES) this.#renew();
    template.write(this.#slab, this.#to, id, copied);
    this.#to += copied;
    if (this.writesAlone || copied < frame.length) this.flush();
    if (copied < frame.length) this.socket.write(frame.subarray(copied));
  }

  flush(): void {
    if (this.#to === this.#from) return;
    this.socket.write(this.#slab.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }

  sendText(text: string): void {
    this.socket.write(clientFrame(TEXT, Buffer.from(text)));
  }

  /** Says goodbye and drops the connection without waiting for the answer. */
  close(): void {
    this.socket.write(clientFrame(CLOSE, Buffer.from([1000 >> 8, 1000 & 0xff])), () => this.socket.destroy());
  }

  #renew(): void {
    this.flush();
    this.#slab = Buffer.allocUnsafe(SLAB_BYTES);
    this.#from = 0;
    this.#to = 0;
  }

  #frame(opcode: number, buffer: Buffer, at: number, length: number): void {
    if (opcode < CLOSE) {
      this.onMessage(buffer, at, length);
      return;
    }
    const payload = buffer.subarray(at, at + length);
    if (opcode === PING) this.socket.write(clientFrame(PONG, payload));
    if (opcode !== CLOSE) return;
    this.#reason = length < 2 ? 'closed' : `closed with ${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`;
    this.socket.end(clientFrame(CLOSE, payload.subarray(0, 2)));
  }
}

/** Begins a connection; what is written before it stands leaves when it does. */
export function dial(plan: LinkPlan): Socket {
  const { url, context, localAddress } = plan;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (context === undefined ? 80 : 443));
  const where = { host, port, ...(localAddress === undefined ? {} : { localAddress }) };
  if (context === undefined) return connectTcp(where);
  // The set-up of the deployment has settled the server's name; only the chain is checked here.
  return connectTls({
    ...where,
    secureContext: context,
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: () => undefined,
  });
}

/** Sends the upgrade and reads its answer; resolves with what came after it. */
function upgrade(socket: Socket, url: URL): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`${url.host}: ${why}`));
      socket.destroy();
    };
    const timer = setTimeout(() => fail(`no answer within ${CONNECT_MS / 1000} s`), CONNECT_MS);
    let answer = Buffer.alloc(0);
    const read = (piece: Buffer): void => {
      answer = Buffer.concat([answer, piece]);
      const end = answer.indexOf('\r\n\r\n');
      if (end < 0 && answer.length < MAX_ANSWER_BYTES) return;
      const [status = ''] = answer.toString('latin1', 0, Math.max(end, 0)).split('\r\n', 1);
      if (!status.startsWith('HTTP/1.1 101')) {
        fail(`${status} ${answer.toString('utf8', end + 4).trim()}`);
        return;
      }
      clearTimeout(timer);
      socket.off('data', read);
      socket.off('close', closed);
      resolve(answer.subarray(end + 4));
    };
    const closed = (): void => fail('the connection ended before the upgrade was answered');
    socket.on('data', read);
    socket.once('close', closed);
    socket.once('error', (error) => fail(error.message));
    socket.write(upgradeRequest(url));
  });
}

function upgradeRequest(url: URL): string {
  return [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');
}
