import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket as RawSocket } from 'node:net';
import { WebSocket } from 'ws';
import type { Admission } from '../../proxy/session/admission.js';
import { systemClock } from '../../proxy/session/clock.js';
import type { Present } from '../../proxy/session/present.js';
import type { Registry } from '../../proxy/session/registry.js';
import type { Steering } from '../../proxy/session/steering.js';
import { acceptor } from '../../proxy/transport/accept.js';
import { type CoreNeeds, coreOf, NO_ROOM } from './core-parts.js';
import { admission, hello } from './fixtures.js';

const BOUNDS = {
  helloTimeout: 5_000,
  helloMaxBytes: 4_096,
  pingInterval: 10_000,
  pingTimeout: 10_000,
  stallTimeout: 30_000,
  messageTimeout: 3_600_000,
  probeTimeout: 2_000,
  maxSessions: 1_000,
  waitTimeout: 0,
  highMark: 1_048_576,
  lowMark: 262_144,
};

/** The relay on real sockets, without the edge: every upgrade is admitted to the meetup that its path names. */
export class RelayServer {
  readonly registry: Registry;
  readonly present: Present;
  readonly steering: Steering;
  readonly #server: Server = createServer();
  readonly #clients: WebSocket[] = [];
  #role: Admission['role'] = 'manager';

  constructor(needs: Omit<CoreNeeds, 'clock' | 'bounds'> = {}) {
    const core = coreOf({ ...needs, clock: systemClock, bounds: BOUNDS });
    this.registry = core.registry;
    this.present = core.present;
    this.steering = core.steering;
    const accept = acceptor({
      maxMessageBytes: 10_000_000,
      helloMaxBytes: 10_000_000,
      maxFragments: 100,
      closeTimeout: 1_000,
    });
    this.#server.on('upgrade', (request: IncomingMessage, raw: RawSocket, head: Buffer) => {
      const socket = accept(request, raw, head);
      const meetupId = (request.url ?? '').slice(1);
      if (socket !== undefined) this.registry.admit(socket, admission({ meetupId, role: this.#role }), NO_ROOM);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** Two clients that met at a meetup of that name: each got the other's HELLO. */
  async pair(name: string): Promise<{ manager: WebSocket; gateway: WebSocket }> {
    this.#role = 'manager';
    const manager = await this.#connect(name);
    this.#role = 'gateway';
    const gateway = await this.#connect(name);
    const met = Promise.all([next(manager), next(gateway)]);
    manager.send(hello('manager 1'));
    gateway.send(hello('gw service 1'));
    await met;
    return { manager, gateway };
  }

  async stop(): Promise<void> {
    const gone = this.#clients.map(
      (client) => client.readyState === WebSocket.CLOSED || new Promise((resolve) => client.once('close', resolve)),
    );
    for (const client of this.#clients) client.terminate();
    await Promise.all(gone);
    this.registry.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #connect(name: string): Promise<WebSocket> {
    const client = new WebSocket(`ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}`, {
      perMessageDeflate: false,
    });
    this.#clients.push(client);
    await new Promise((resolve, reject) => {
      client.once('open', resolve);
      client.once('error', reject);
    });
    return client;
  }
}

/** The next message that a client gets. */
export function next(client: WebSocket): Promise<string> {
  return new Promise((resolve) => client.once('message', (data) => resolve(data.toString())));
}
