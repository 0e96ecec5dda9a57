import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IssuedCertificate } from './raw-authority.js';

/** An HTTP proxy at the border of a network, which opens tunnels by CONNECT or refuses to. */
export interface TestProxy {
  readonly port: number;
  /** The requests that came, oldest first. */
  readonly asked: IncomingMessage[];
  /** Runs instead of opening the tunnel; tests put their own function here. It may call `resume` to read the client to the end. */
  answer: ((request: IncomingMessage, socket: Duplex) => void) | undefined;
  /** Connections that are open to it. */
  readonly open: number;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** @param identity certificate and key with which the proxy speaks TLS */
export async function startHttpProxy(identity?: IssuedCertificate): Promise<TestProxy> {
  const server =
    identity === undefined ? createHttpServer() : createHttpsServer({ cert: identity.certificate, key: identity.key });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) server.emit('idle');
    });
  });
  server.on('connect', (request, socket) => {
    socket.on('error', () => {});
    socket.once('end', () => socket.destroy());
    proxy.asked.push(request);
    if (proxy.answer === undefined) open(request, socket);
    else proxy.answer(request, socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = {
    port: (server.address() as AddressInfo).port,
    asked: [] as IncomingMessage[],
    answer: undefined as TestProxy['answer'],
    get open() {
      return sockets.size;
    },
    idle: async () => {
      if (sockets.size > 0) await once(server, 'idle');
    },
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return proxy;
}

function open({ url = '' }: IncomingMessage, socket: Duplex): void {
  const { hostname, port } = new URL(`http://${url}`);
  const behind = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
  behind.once('connect', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
  behind.pipe(socket).pipe(behind);
  behind.on('error', () => {});
  for (const one of [behind, socket]) {
    one.once('close', () => {
      behind.destroy();
      socket.destroy();
    });
  }
}
