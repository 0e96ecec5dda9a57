import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A fake HTTP API: it keeps the bytes that it gets, and answers with the bytes that a test gives. */
export interface RawApi {
  readonly port: number;
  /** Whole requests as they came, one character for each byte. */
  readonly heard: readonly string[];
  /** The handler of a whole request. */
  reply: (socket: Socket, request: string) => void;
  stop(): void;
}

export async function startRawApi(): Promise<RawApi> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = endOfRequest(text); end !== undefined; end = endOfRequest(text)) {
        const request = text.slice(0, end);
        text = text.slice(end);
        heard.push(request);
        api.reply(socket, request);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: RawApi = {
    port: (server.address() as AddressInfo).port,
    heard,
    reply: (socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return api;
}

function endOfRequest(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return undefined;
  if (/^transfer-encoding: *chunked\r$/im.test(text.slice(0, head + 1))) {
    const last = text.indexOf('0\r\n\r\n', head + 4);
    return last === -1 ? undefined : last + 5;
  }
  const length = Number(/^content-length: *(\d+)\r$/im.exec(text.slice(0, head + 1))?.[1] ?? 0);
  return text.length >= head + 4 + length ? head + 4 + length : undefined;
}

/** Sends one byte for each character on a new connection; resolves with the bytes that came when the other end has closed or broken off. */
export async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  socket.write(bytes, 'latin1');
  await once(socket, 'close');
  return text;
}

/** The body of a response or a request. */
export function bodyOf(message: string): string {
  return message.slice(message.indexOf('\r\n\r\n') + 4);
}

/** The values of a header, in order; the name in any spelling. */
export function valuesOf(message: string, name: string): readonly string[] {
  const head = message.slice(0, message.indexOf('\r\n\r\n'));
  return [...head.matchAll(new RegExp(`^${name}: ?(.*)$`, 'gim'))].map(([, value = '']) => value.trim());
}
