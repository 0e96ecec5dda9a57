import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ClientOptions, WebSocket } from 'ws';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { type CoreServer, ROLE_HEADER } from './core-server.js';
import { hello } from './fixtures.js';
import { type Closure, KeptMessages, type Message } from './kept-messages.js';

/** A websocket client that keeps what arrives until it is asked for. */
export class CoreClient {
  readonly ws: WebSocket;
  readonly closed: Promise<Closure>;
  readonly #messages: KeptMessages;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    this.#messages = new KeptMessages(ws);
    this.closed = this.#messages.closed;
  }

  /** Connects, and says nothing. */
  static async connect(server: CoreServer, meetupId: string, options: ClientOptions = {}): Promise<CoreClient> {
    const ws = new WebSocket(server.url(meetupId), { maxPayload: 64 * 1024 * 1024, ...options });
    const client = new CoreClient(ws);
    await once(ws, 'open');
    return client;
  }

  /** Connects and says HELLO; resolves once the client has its seat. */
  static async join(server: CoreServer, meetupId: string, name: string, role = 'any'): Promise<CoreClient> {
    const client = await CoreClient.connect(server, meetupId, { headers: { [ROLE_HEADER]: role } });
    client.ws.send(hello(name));
    await server.until(
      () => server.present.sessions.get(meetupId)?.peers.some((peer) => peer.hello?.peerId === name) === true,
    );
    return client;
  }

  /** Two clients that are joined and have each other's HELLO; the first is the manager, the second the gateway. */
  static async pair(server: CoreServer, meetupId: string): Promise<[CoreClient, CoreClient]> {
    const one = await CoreClient.join(server, meetupId, 'one', 'manager');
    const two = await CoreClient.join(server, meetupId, 'two', 'gateway');
    await Promise.all([one.next(), two.next()]);
    return [one, two];
  }

  /** The next message; rejects when the connection ends first. */
  next(): Promise<Message> {
    return this.#messages.next();
  }

  /** The next message as text. */
  async text(): Promise<string> {
    return (await this.next()).data.toString();
  }
}

/** A client that writes bytes of its own making where frames are expected. */
export class RawClient {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Upgrades, and keeps the connection open until the other end closes it. */
  static async connect(server: CoreServer, meetupId: string): Promise<RawClient> {
    const socket = connect(server.socketPath);
    socket.on('error', () => {});
    socket.write(
      `GET ${MEETUP_PREFIX}${meetupId} HTTP/1.1\r\nHost: core\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(socket, 'readable');
    socket.read();
    return new RawClient(socket);
  }

  /** Resolves once the operating system took it, or the connection is over. */
  write(...parts: readonly Uint8Array[]): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(Buffer.concat(parts), () => resolve());
    });
  }

  /** Waits for bytes and returns the bytes of one read; nothing is read between two calls. */
  async take(): Promise<Buffer> {
    for (;;) {
      const bytes = this.#socket.read() as Buffer | null;
      if (bytes !== null) return bytes;
      await once(this.#socket, 'readable');
    }
  }

  /** Reads to the end of the connection, and says nothing. */
  async rest(): Promise<Buffer> {
    return Buffer.concat(await this.#socket.toArray());
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket.destroy();
  }

  /** Code and reason of the first close frame; undefined when the connection ends without one. */
  async closeFrame(): Promise<{ readonly code: number; readonly reason: string } | undefined> {
    let bytes = Buffer.alloc(0);
    for await (const chunk of this.#socket) {
      bytes = Buffer.concat([bytes, chunk as Buffer]);
      const frame = closeFrameIn(bytes);
      if (frame === undefined) continue;
      this.#socket.destroy();
      return frame;
    }
    return undefined;
  }
}

/** A masked frame as a client sends it; the mask is zero, so the payload reads as it is. `first`: FIN, RSV and opcode. */
export function frame(first: number, payload: Uint8Array | string = ''): Buffer {
  const body = Buffer.from(payload as string);
  const length =
    body.length < 126 ? Buffer.of(0x80 | body.length) : Buffer.of(0xfe, body.length >> 8, body.length & 0xff);
  return Buffer.concat([Buffer.of(first), length, Buffer.alloc(4), body]);
}

/** Walks over a server's frames, which are short and unmasked, to the close frame. */
function closeFrameIn(bytes: Buffer): { code: number; reason: string } | undefined {
  for (let at = 0; at + 1 < bytes.length; ) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const [head, length] = short === 126 ? [4, bytes.readUInt16BE(at + 2)] : [2, short];
    const body = bytes.subarray(at + head, at + head + length);
    if (bytes[at] === 0x88 && body.length === length)
      return { code: body.readUInt16BE(0), reason: body.toString('utf8', 2) };
    at += head + length;
  }
  return undefined;
}
