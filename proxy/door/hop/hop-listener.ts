import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../../ports/clock.js';
import type { DrainPlan } from '../../session/drain.js';
import type { MutualTls } from '../../transport/mutual-tls.js';
import type { ListenAddress } from '../listen-address.js';
import { MAX_HOP_HEADER_BYTES, refusePlain, upgradeServer } from '../server.js';
import type { UpgradeEdge } from '../upgrade.js';
import { ByteCopy } from './byte-copy.js';
import { drainRequestIn } from './drain-request.js';

export interface HopListenerParts {
  readonly edge: UpgradeEdge;
  /** Absent on a unix socket or loopback. */
  readonly tls: MutualTls | undefined;
  /** Address of this replica's own control API, to which HTTP/2 is passed on; absent where it has none. */
  readonly control: ListenAddress | undefined;
  /** Another replica drains: the peers that came through it are to be closed by its plan. False when it has to ask again. */
  readonly drain: (via: string, plan: DrainPlan) => boolean;
  readonly clock: Clock;
  /** Time that one direction of a connection to the control API has when the other has ended, milliseconds. */
  readonly linger: number;
}

/** Most connections to the control API at one time: each replica needs one or two. */
const MAX_CONTROL_LINES = 1_000;

/**
 * Listens for the other replicas: for upgrades that they hand on, for word that they drain, and, over TLS, for calls of the control API. It stays open while
 * this replica drains or has lost the store, because only a replica itself can say who sits there.
 */
export class HopListener {
  readonly server: Server;
  readonly #parts: HopListenerParts;
  readonly #lines = new Set<ByteCopy>();

  constructor(parts: HopListenerParts) {
    const { edge, tls, control } = parts;
    this.#parts = parts;
    this.server = upgradeServer(
      {
        upgrade: (request, raw, head) => void edge.handleHop(request, raw, head),
        plain: (request, response) => this.#plain(request, response),
        maxHeaderBytes: MAX_HOP_HEADER_BYTES,
        http2: control === undefined ? undefined : (socket) => this.#toControl(socket, control),
      },
      tls,
    );
  }

  /** Closes the listener and its connections, except upgrades, which are the edge's. */
  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
    for (const line of this.#lines) line.cut();
  }

  #plain(request: IncomingMessage, response: ServerResponse): void {
    const asked = drainRequestIn(request);
    if (asked === undefined) {
      refusePlain(this.#parts.edge.pathPrefix, request, response);
      return;
    }
    const isBegun = this.#parts.drain(asked.via, asked.plan);
    response.writeHead(isBegun ? 202 : 503, { 'Content-Length': '0', Connection: 'close' }).end();
  }

  #toControl(socket: Socket, control: ListenAddress): void {
    socket.on('error', () => socket.destroy());
    if (this.#lines.size >= MAX_CONTROL_LINES) {
      socket.destroy();
      return;
    }
    const { clock, linger } = this.#parts;
    const own = connect(
      control.t === 'unix'
        ? { path: control.path, allowHalfOpen: true }
        : { host: control.host, port: control.port, allowHalfOpen: true, noDelay: true },
    );
    own.on('error', () => own.destroy());
    const line = new ByteCopy(socket, own, linger, clock);
    this.#lines.add(line);
    void line.over.then(() => this.#lines.delete(line));
  }
}
