import { chmod } from 'node:fs/promises';
import { addAdminServicesToServer, status as Code, Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { clearSocketPath, withPrivateMode } from '../transport/unix-socket.js';
import { Gate } from './caller.js';
import { CONTROL_SERVICE, controlService } from './contract.js';
import { Fault } from './fault.js';
import { Callers, guard } from './guard.js';
import { Handlers } from './handlers.js';
import { CONTROL_LIMITS, type ControlLimits } from './limits.js';
import { addReflection } from './reflection.js';
import type { ControlParts } from './server-parts.js';
import { controlHandlers } from './service.js';

/** Where to listen: `unix:PATH`, or `HOST:PORT` on loopback only (nobody but the edge may set the identity headers). */
export type ControlAddress = `unix:${string}` | `${'127.0.0.1' | '[::1]' | 'localhost'}:${number}`;

/** Time that open calls have to end when the server stops, milliseconds. */
const STOP_TIME = 2_000;

/** The control API, with health, reflection and channelz, behind one gate. */
export class ControlServer {
  readonly #server: Server;
  readonly #handlers: Handlers;
  readonly #health = new HealthImplementation({ '': 'SERVING', [CONTROL_SERVICE]: 'SERVING' });
  readonly #clock: ControlParts['clock'];

  constructor(parts: ControlParts, limits: ControlLimits = CONTROL_LIMITS) {
    const { clock } = parts;
    this.#clock = clock;
    const gate = new Gate(parts.readIdentity, parts.rights, clock);
    const callers = new Callers();
    this.#handlers = new Handlers(gate, callers, { ...limits, clock, defect: parts.defect });
    this.#server = new Server({
      interceptors: [guard(gate, callers, parts.audit, clock)],
      'grpc.max_receive_message_length': limits.requestBytes,
      'grpc.max_concurrent_streams': limits.callsOfConnection,
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
    });
    parts.drain.onceBegun(() => this.#notServing());
    const handlers = controlHandlers(parts, limits, this.#handlers, gate);
    this.#server.addService(controlService, { ...handlers });
    this.#health.addToServer(this.#server);
    addReflection(this.#server);
    addAdminServicesToServer(this.#server);
  }

  /** Begins to serve; answers the TCP port, 0 for a unix socket (mode 0600). Rejects when the place cannot be had. */
  async listen(address: ControlAddress): Promise<number> {
    if (!address.startsWith('unix:')) return this.#bind(address);
    const path = address.slice('unix:'.length);
    await clearSocketPath(path);
    await withPrivateMode(() => this.#bind(address));
    await chmod(path, 0o600);
    return 0;
  }

  /** Ends every stream, lets calls finish for a bounded time, and closes. */
  async stop(): Promise<void> {
    this.#notServing();
    this.#handlers.endStreams(new Fault(Code.UNAVAILABLE, 'STOPPING', 'this replica stops: connect again'));
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(STOP_TIME, () => this.#server.forceShutdown());
      this.#server.tryShutdown(() => {
        cancel();
        resolve();
      });
    });
  }

  /** What health answers while the replica drains. The API itself goes on answering. */
  #notServing(): void {
    for (const name of ['', CONTROL_SERVICE]) this.#health.setStatus(name, 'NOT_SERVING');
  }

  #bind(address: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(address.startsWith('unix:') ? 0 : port);
        else reject(error);
      });
    });
  }
}
