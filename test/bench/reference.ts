/**
 * The relay that the service is compared with: the smallest program that joins two websockets with `ws`. It listens on TCP and has
 * no limits, no backpressure, no pings and no identity.
 */
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const waiting = new Map<string, { socket: WebSocket; hello: Buffer }>();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });

server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }));
server.on('connection', (socket, request) => {
  socket.on('error', () => socket.terminate());
  socket.once('message', (hello: Buffer) => meet(request.url ?? '', socket, hello));
});
process.once('SIGTERM', () => process.exit(0));

function meet(path: string, socket: WebSocket, hello: Buffer): void {
  const other = waiting.get(path);
  if (other === undefined) {
    waiting.set(path, { socket, hello });
    return;
  }
  waiting.delete(path);
  socket.send(other.hello, { binary: false });
  other.socket.send(hello, { binary: false });
  join(socket, other.socket);
  join(other.socket, socket);
}

function join(from: WebSocket, to: WebSocket): void {
  from.on('message', (data, binary) => to.send(data, { binary }));
  from.on('close', () => to.close());
}
