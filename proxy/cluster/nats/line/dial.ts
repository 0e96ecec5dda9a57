import { connect as connectTcp, type Socket } from 'node:net';
import {
  type NatsConnection,
  NatsConnectionImpl,
  type NodeConnectionOptions,
  setTransportFactory,
} from '@nats-io/transport-node';
import { NodeTransport } from '@nats-io/transport-node/lib/node_transport.js';

/** Connects as the library does, but that a dial which takes too long is given up with its socket. */
export function dialNats(options: NodeConnectionOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new Transport() });
  return NatsConnectionImpl.connect(options);
}

/**
 * The library's transport forgets the socket of a dial that took too long: beside a server that accepts and says nothing, each attempt would
 * leave one open for good.
 */
class Transport extends NodeTransport {
  #dialled: Socket | undefined;

  override dial({ hostname, port }: { hostname: string; port: number }): Promise<Socket> {
    const socket = connectTcp({ host: hostname, port, noDelay: true });
    this.#dialled = socket;
    return new Promise((resolve, reject) => {
      socket.once('connect', () => {
        // Whoever reads the socket next has handlers of its own.
        socket.removeAllListeners();
        resolve(socket);
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the dial took too long')));
    });
  }

  override close(error?: Error): Promise<void> {
    if (!this.connected) this.#dialled?.destroy();
    return super.close(error);
  }
}
