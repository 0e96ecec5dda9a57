import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, pino } from 'pino';
import type { Config } from './config/options.js';
import { listen } from './edge/listen.js';
import { parseListen } from './edge/listen-address.js';
import { probeServer } from './edge/probes.js';
import { roomObserver } from './edge/room-observer.js';
import { upgradeServer } from './edge/server.js';
import { type Gate, UpgradeEdge } from './edge/upgrade.js';
import { AdmissionLimits } from './policy/admission-limits.js';
import { anyVerified } from './policy/any-verified.js';
import { Budget } from './session/budget.js';
import { systemClock } from './session/clock.js';
import { Drain } from './session/drain.js';
import { all } from './session/observers.js';
import { Registry } from './session/registry.js';
import { expiryVerdict, sweep } from './session/sweep.js';
import { acceptor } from './transport/accept.js';

/** Time between two looks at expiry dates and the memory budget, milliseconds: half of what a peer may overstay. */
const UPKEEP_INTERVAL = 1000;

/** The whole service: the only place where parts are made and joined. */
export class WsProxy {
  readonly log: Logger;
  readonly registry: Registry;
  readonly drain: Drain;
  readonly #config: Config;
  readonly #server: Server;
  readonly #probes: Server;
  readonly #undo: (() => void)[] = [];

  private constructor(config: Config) {
    const clock = systemClock;
    this.#config = config;
    this.log = pino({ level: config.logLevel });
    const fault = (error: unknown): void => this.log.error({ err: error }, 'fault');
    const limits = new AdmissionLimits({ connections: config.maxConnectionsPerIdentity });
    const observer = all([roomObserver(limits)], fault);
    this.registry = new Registry(clock, { ...config, maxSessions: config.maxSessions }, observer);
    this.drain = new Drain(this.registry, clock, () => 0);
    const budget = new Budget(this.registry, config.memoryBudget);
    const gates: Gate[] = [
      () => (this.drain.state.t === 'serving' ? undefined : { label: 'draining', detail: 'this replica drains' }),
      () => (budget.exceeded ? { label: 'overload', detail: `${budget.held} bytes wait for slow peers` } : undefined),
      (identity) => expiryVerdict(identity.notAfter, clock.now()) && { label: 'certificate_expired', detail: '' },
    ];
    const edge = new UpgradeEdge({
      clock,
      registry: this.registry,
      policy: anyVerified,
      limits,
      gates,
      accept: acceptor(config),
      observer,
      maxConnections: config.maxConnections,
    });
    this.#server = upgradeServer(edge, undefined, fault);
    this.#probes = probeServer({
      notReady: () => (this.drain.state.t === 'serving' ? undefined : `the replica is ${this.drain.state.t}`),
      pages: {},
    });
    const upkeep = clock.every(UPKEEP_INTERVAL, () => {
      sweep(this.registry.peers, (peer) => expiryVerdict(peer.admission.identity.notAfter, clock.now()));
      budget.enforce();
    });
    this.#undo.push(upkeep);
  }

  static async start(config: Config): Promise<WsProxy> {
    const proxy = new WsProxy(config);
    await proxy.#listen();
    return proxy;
  }

  /** Port of metrics and probes. */
  get metricsPort(): number {
    return (this.#probes.address() as AddressInfo).port;
  }

  async #listen(): Promise<void> {
    this.registry.start();
    const { metricsHost: host, metricsPort: port } = this.#config;
    await listen(this.#probes, { t: 'tcp', host, port }, 'metrics-port');
    const address = parseListen(this.#config.listen);
    if ('fault' in address) throw new Error(address.fault);
    await listen(this.#server, address.ok, 'listen');
    this.log.info({ listen: this.#config.listen, metricsPort: this.metricsPort }, 'ready');
  }

  async drainAndStop(): Promise<void> {
    const { drainDeadline: deadline, drainBatch: batch, drainInterval: interval, drainSpread: spread } = this.#config;
    await this.drain.start({ deadline, batch, interval, spread });
    await this.stop();
  }

  async stop(): Promise<void> {
    this.registry.stop();
    for (const undo of this.#undo) undo();
    for (const server of [this.#server, this.#probes]) {
      server.close();
      server.closeAllConnections();
    }
  }
}
