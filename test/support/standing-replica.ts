import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** A socket of a replica that stands still: it takes connections and says nothing. */
export class StandingReplica {
  readonly path: string;
  /** Connections so far. */
  asked = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(path: string) {
    this.path = path;
    this.#server = createServer((socket) => {
      this.asked += 1;
      this.#sockets.add(socket.on('error', () => {}).resume());
    });
  }

  static async start(path: string): Promise<StandingReplica> {
    const replica = new StandingReplica(path);
    await once(replica.#server.listen(path), 'listening');
    return replica;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), 'close');
  }
}
