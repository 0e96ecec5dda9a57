import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { type AddressInfo, createServer, type ListenOptions, type Server as NetServer, type Socket } from 'node:net';
import { addAdminServicesToServer, logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { servedByProtocol } from '../transport/two-protocols.js';
import { clearSocketPath, withPrivateMode } from '../transport/unix-socket.js';
import { edgeLogsHandlers, edgeLogsService } from './edge/edge-service.js';
import { ReplicaClients } from './fleet/replica-clients.js';
import { keepGoneStreamsFrom } from './gone-streams.js';
import { JsonFront } from './json/front.js';
import { CONTROL_LIMITS, type ControlLimits } from './limits.js';
import { Gate } from './rpc/caller.js';
import { CONTROL_SERVICE, controlService } from './rpc/contract.js';
import { stopping } from './rpc/fault.js';
import { Handlers } from './rpc/handlers.js';
import { Callers, callInterceptor } from './rpc/interceptor.js';
import { addReflection } from './rpc/reflection.js';
import type { ControlParts } from './server-parts.js';
import { callsAlone, callsBesideOthers, controlHandlers } from './service.js';

/** The address to listen on: `unix:PATH`, or `HOST:PORT` on loopback only (nobody but the edge may set the identity headers). */
export type ControlAddress = `unix:${string}` | `${'127.0.0.1' | '[::1]' | 'localhost'}:${number}`;

/** Time that open calls have to end when the server stops, milliseconds. */
const STOP_TIME = 2_000;
/** Time in which a connection must show whether it speaks HTTP/2 or HTTP/1.1, milliseconds. */
const HELLO_TIME = 10_000;
/** Connections at one time: far more than the edge makes. */
const MAX_CONNECTIONS = 1024;

// The library writes headers that it cannot hold to standard error, values and all: whoever calls could write lines of their own into the
// log, and a token would stand there.
setLogVerbosity(logVerbosity.NONE);

/** The control API as gRPC and as JSON, with health, reflection and channelz, behind one gate and on one address. */
export class ControlServer {
  readonly #listener: NetServer;
  readonly #json: JsonFront;
  readonly #sockets = new Set<Socket>();
  /** Those of `#sockets` that speak gRPC. */
  readonly #grpcSockets = new Set<Socket>();
  readonly #server: Server;
  readonly #handlers: Handlers;
  /** The control APIs of the other replicas. */
  readonly #clients: ReplicaClients | undefined;
  readonly #health = new HealthImplementation({ '': 'SERVING', [CONTROL_SERVICE]: 'SERVING' });
  readonly #clock: ControlParts['clock'];
  readonly #defect: ControlParts['defect'];

  constructor(parts: ControlParts, limits: ControlLimits = CONTROL_LIMITS) {
    const { clock, link } = parts;
    this.#clock = clock;
    this.#defect = parts.defect;
    const gate = new Gate(parts.readIdentity, parts.rights, clock);
    const callers = new Callers();
    this.#handlers = new Handlers(gate, callers, { ...limits, clock, defect: parts.defect });
    this.#server = new Server({
      interceptors: [callInterceptor({ gate, callers, audit: parts.audit, clock, isInFleet: link !== undefined })],
      'grpc.max_receive_message_length': limits.requestBytes,
      'grpc.max_concurrent_streams': limits.callsOfConnection,
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
    });
    parts.drain.onceBegun(() => this.#notServing());
    this.#clients = link && new ReplicaClients(link.fleet, link.tls, clock);
    const callsFor =
      link === undefined || this.#clients === undefined
        ? callsAlone(parts, limits, gate)
        : callsBesideOthers(parts, limits, gate, link, this.#clients);
    this.#server.addService(controlService, { ...controlHandlers(this.#handlers, callsFor) });
    this.#server.addService(
      edgeLogsService,
      edgeLogsHandlers(parts.memory, () => clock.now()),
    );
    this.#health.addToServer(this.#server);
    addReflection(this.#server);
    addAdminServicesToServer(this.#server);
    const { audit, defect, pages = {} } = parts;
    this.#json = new JsonFront({ gate, audit, clock, defect, pages });
    const grpc = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    keepGoneStreamsFrom(this.#server);
    const servers = {
      http2: (socket: Socket) => {
        this.#grpcSockets.add(socket);
        socket.once('close', () => this.#grpcSockets.delete(socket));
        grpc.injectConnection(socket);
      },
      http1: (socket: Socket) => this.#json.take(socket),
    };
    this.#listener = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      servedByProtocol(socket, HELLO_TIME, servers);
    });
    this.#listener.maxConnections = MAX_CONNECTIONS;
  }

  /** Begins to serve; resolves with the TCP port, 0 for a unix socket (mode 0600). Rejects when it cannot listen there. */
  async listen(address: ControlAddress): Promise<number> {
    if (address.startsWith('unix:')) {
      const path = address.slice('unix:'.length);
      await clearSocketPath(path);
      await withPrivateMode(() => this.#bind({ path }));
      await chmod(path, 0o600);
      this.#callSelfAt(address);
      return 0;
    }
    const at = address.lastIndexOf(':');
    const host = address.slice(0, at);
    await this.#bind({ host: host.replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) });
    const { port } = this.#listener.address() as AddressInfo;
    this.#callSelfAt(`${host}:${port}`);
    return port;
  }

  /** Ends every stream, lets calls finish for a bounded time, and closes. */
  async stop(): Promise<void> {
    this.#notServing();
    this.#listener.close();
    this.#handlers.endStreams(stopping());
    await Promise.all([this.#json.stop(), this.#stopGrpc()]);
    this.#clients?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Lets the JSON form, and this replica as one of the fleet, call the API by its own address. */
  #callSelfAt(address: string): void {
    this.#json.callAt(address);
    this.#clients?.callSelfAt(address);
  }

  /**
   * Resolves when the connections of gRPC are closed; those that are left after STOP_TIME are destroyed. The library's own word is not enough: on
   * Node 24, where an HTTP/2 server's close also closes its connections, it comes while calls still say why they end.
   */
  async #stopGrpc(): Promise<void> {
    const cancel = this.#clock.after(STOP_TIME, () => {
      this.#server.forceShutdown();
      for (const socket of this.#grpcSockets) socket.destroy();
    });
    const closed = [...this.#grpcSockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    await Promise.all(closed);
    cancel();
  }

  /** Makes health answer NOT_SERVING while the replica drains. The API itself goes on answering. */
  #notServing(): void {
    for (const name of ['', CONTROL_SERVICE]) this.#health.setStatus(name, 'NOT_SERVING');
  }

  async #bind(place: ListenOptions): Promise<void> {
    this.#listener.listen(place);
    await once(this.#listener, 'listening');
    this.#listener.on('error', this.#defect);
  }
}
