import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { clientFrame, PING, PONG, TEXT } from '../../bench/frame.js';
import { hello } from '../support/fixtures.js';

/** Bytes of a client's request head; a longer one is refused. */
const MAX_HEAD_BYTES = 16_384;
/** Bytes of the echo's messages: the largest of the cases, and room. */
const MAX_ECHO_BYTES = 32 * 1024 * 1024;

/** The product, as the front reaches it. */
export interface Product {
  /** A connection on which the head of an upgrade may be written. */
  connect(): Promise<Duplex>;
  /** Header lines that every upgrade carries: what the edge adds, where there is no edge. */
  readonly headers: readonly string[];
  /** The partner's websocket, not open yet. */
  echo(meetup: string): WebSocket;
  /** The part of a path before the meetup id. */
  readonly prefix: string;
}

/**
 * Lets a client that knows nothing of HELLO be a peer: each connection that it makes goes to a meetup of its own at which a partner
 * echoes. The head of its upgrade passes with another path, HELLO is said and heard for it, and behind that every byte is its own.
 */
export class MeetupFront {
  readonly #server: Server;
  readonly #product: Product;
  readonly #open = new Set<{ destroy(): unknown }>();

  private constructor(product: Product) {
    this.#product = product;
    this.#server = createServer((socket) => void this.#serve(socket).catch(() => socket.destroy()));
  }

  static async listen(product: Product): Promise<MeetupFront> {
    const front = new MeetupFront(product);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const one of this.#open) one.destroy();
    await closed;
  }

  async #serve(socket: Socket): Promise<void> {
    this.#keep(socket);
    const meetup = `conformance/${randomUUID()}`;
    const asked = await headOf(socket);
    const echo = await this.#partner(meetup);
    socket.once('close', () => echo.terminate());
    const line = await this.#product.connect();
    this.#keep(line);
    socket.once('close', () => line.destroy());
    const [, ...fields] = asked.head.split('\r\n');
    const head = [`GET ${this.#product.prefix}${meetup} HTTP/1.1`, ...this.#product.headers, ...fields].join('\r\n');
    line.write(`${head}\r\n\r\n`, 'latin1');
    const answered = await headOf(line);
    line.write(clientFrame(TEXT, Buffer.from(hello('conformance'))));
    await passHello(line, answered.rest);
    socket.write(`${answered.head}\r\n\r\n`, 'latin1');
    line.write(asked.rest);
    socket.pipe(line).pipe(socket);
  }

  /** The other peer, who gives back each message as it came. */
  async #partner(meetup: string): Promise<WebSocket> {
    const echo = this.#product.echo(meetup);
    this.#keep({ destroy: () => echo.terminate() });
    echo.on('error', () => {});
    await once(echo, 'open');
    echo.send(hello('echo'));
    // The first message is the other's HELLO.
    echo.once('message', () => echo.on('message', (data, binary) => echo.send(data, { binary })));
    return echo;
  }

  #keep(one: { destroy(): unknown }): void {
    this.#open.add(one);
    if ('once' in one) (one as Duplex).on('error', () => {}).once('close', () => this.#open.delete(one));
  }
}

/** The options of `ws` for the echo. */
export const echoOptions = { perMessageDeflate: false, maxPayload: MAX_ECHO_BYTES } as const;

/** Reads up to the empty line; `rest` is what came behind it. */
async function headOf(stream: Duplex): Promise<{ readonly head: string; readonly rest: Buffer }> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n');
    if (end >= 0) return { head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + 4) };
    if (bytes.length > MAX_HEAD_BYTES) throw new Error('the head is too long');
    bytes = Buffer.concat([bytes, await more(stream)]);
  }
}

/** Steps over the server's frames up to the partner's HELLO, and answers a ping among them; what follows goes back to the stream. */
async function passHello(stream: Duplex, first: Buffer): Promise<void> {
  let bytes = first;
  for (;;) {
    const end = endOfFrame(bytes);
    if (end === undefined) {
      bytes = Buffer.concat([bytes, await more(stream)]);
      continue;
    }
    const opcode = (bytes[0] ?? 0) & 0x0f;
    if (opcode === PING) stream.write(clientFrame(PONG, bytes.subarray(2, end)));
    bytes = bytes.subarray(end);
    if (opcode !== TEXT) continue;
    if (bytes.length > 0) stream.unshift(bytes);
    return;
  }
}

/** The end of the first frame, which has less than 64 KiB; undefined when the frame is not complete. */
function endOfFrame(bytes: Buffer): number | undefined {
  if (bytes.length < 4 && bytes.length < 2 + ((bytes[1] ?? 0) & 0x7f)) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const end = short < 126 ? 2 + short : 4 + bytes.readUInt16BE(2);
  return bytes.length < Math.max(2, end) ? undefined : end;
}

/** The next bytes of a stream that nobody else reads. */
async function more(stream: Duplex): Promise<Buffer> {
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) return chunk;
    if (stream.readableEnded || stream.destroyed)
      throw new Error('the connection ended in the middle of its beginning');
    await once(stream, 'readable');
  }
}
