import type { AddressInfo } from 'node:net';
import { type Logger, pino } from 'pino';
import type { Config } from './config/options.js';
import { Guard } from './edge/guard.js';
import { ListenError, listen } from './edge/listen.js';
import { parseListen } from './edge/listen-address.js';
import { probeServer } from './edge/probes.js';
import { roomObserver } from './edge/room-observer.js';
import { upgradeServer } from './edge/server.js';
import { edgeTls } from './edge/tls-files.js';
import { type Gate, UpgradeEdge } from './edge/upgrade.js';
import { AdmissionLimits } from './policy/admission-limits.js';
import { Budget } from './session/budget.js';
import { systemClock } from './session/clock.js';
import { Drain } from './session/drain.js';
import { all } from './session/observers.js';
import { Registry } from './session/registry.js';
import { expiryVerdict, sweep } from './session/sweep.js';
import { acceptor } from './transport/accept.js';

/** Time between two looks at expiry dates and the memory budget, milliseconds: half of what a peer may overstay. */
const UPKEEP_INTERVAL = 1000;

/** What is undone when the service stops, last begun first. */
type Undo = () => void | Promise<void>;

/** The whole service: the only place where parts are made and joined. */
export class WsProxy {
  readonly log: Logger;
  readonly registry: Registry;
  readonly drain: Drain;
  /** Port of metrics and probes. */
  readonly metricsPort: number;
  readonly #config: Config;
  readonly #undo: Undo[];

  private constructor(
    config: Config,
    log: Logger,
    registry: Registry,
    drain: Drain,
    metricsPort: number,
    undo: Undo[],
  ) {
    this.#config = config;
    this.log = log;
    this.registry = registry;
    this.drain = drain;
    this.metricsPort = metricsPort;
    this.#undo = undo;
  }

  /** Makes and joins the parts and begins to listen; on a failure everything begun is undone. */
  static async start(config: Config): Promise<WsProxy> {
    const undo: Undo[] = [];
    try {
      return await compose(config, undo, (...parts) => new WsProxy(config, ...parts, undo));
    } catch (error) {
      await unwind(undo);
      throw error;
    }
  }

  /** Takes no one new, lets what is in flight finish, closes in batches, stops. */
  async drainAndStop(): Promise<void> {
    const { drainDeadline: deadline, drainBatch: batch, drainInterval: interval, drainSpread: spread } = this.#config;
    await this.drain.start({ deadline, batch, interval, spread });
    await this.stop();
  }

  /** Stops at once. */
  async stop(): Promise<void> {
    await unwind(this.#undo);
  }
}

async function unwind(undo: Undo[]): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
}

async function compose(
  config: Config,
  undo: Undo[],
  made: (log: Logger, registry: Registry, drain: Drain, metricsPort: number) => WsProxy,
): Promise<WsProxy> {
  const clock = systemClock;
  const log = pino({ level: config.logLevel });
  const fault = (error: unknown): void => log.error({ err: error }, 'fault');

  // Who is here.
  const limits = new AdmissionLimits({
    connections: config.maxConnectionsPerIdentity,
    connectsPerSecond: config.connectRate,
    connectBurst: config.connectBurst,
    greetings: config.maxGreetingsPerIdentity,
  });
  const observer = all([roomObserver(limits)], fault);
  const registry = new Registry(clock, config, observer);
  const drain = new Drain(registry, clock, () => 0);
  const budget = new Budget(registry, config.memoryBudget);

  // Who may be here.
  const guard = await Guard.open(config, clock, {
    changed: (file) => {
      const ended = sweep(registry.peers, (peer) => guard.verdict(peer));
      log.info({ file, ended }, 'reloaded');
    },
    refused: (file, why) => log.error({ file }, why),
  });
  undo.push(() => guard.close());

  registry.start();
  undo.push(() => registry.stop());
  undo.push(
    clock.every(UPKEEP_INTERVAL, () => {
      sweep(registry.peers, (peer) => expiryVerdict(peer.admission.identity.notAfter, clock.now()));
      budget.enforce();
    }),
  );

  // The door. What watches comes before it, so that a listening service can be seen.
  const notReady = (): string | undefined =>
    drain.state.t === 'serving' ? undefined : `this replica is ${drain.state.t}`;
  const probes = probeServer({ notReady, pages: {} });
  await listen(probes, { t: 'tcp', host: config.metricsHost, port: config.metricsPort }, 'metrics-port');
  undo.push(() => closeServer(probes));
  const gates: readonly Gate[] = [
    () => (drain.state.t === 'serving' ? undefined : { label: 'draining', detail: 'this replica drains' }),
    () => (budget.exceeded ? { label: 'overload', detail: `${budget.held} bytes wait for slow peers` } : undefined),
    (identity) => guard.gate(identity),
  ];
  const { policy } = guard;
  const { maxConnections } = config;
  const edge = new UpgradeEdge({
    clock,
    registry,
    policy,
    limits,
    gates,
    accept: acceptor(config),
    observer,
    maxConnections,
  });
  const address = parseListen(config.listen);
  if ('fault' in address) throw new ListenError(`--listen ${config.listen}: ${address.fault}`);
  const server = upgradeServer(edge, await edgeTls(address.ok, config), fault);
  await listen(server, address.ok, 'listen');
  undo.push(() => closeServer(server));

  const { port } = probes.address() as AddressInfo;
  log.info({ listen: config.listen, metricsPort: port }, 'ready');
  return made(log, registry, drain, port);
}

function closeServer(server: { close(): unknown; closeAllConnections(): void }): void {
  server.close();
  server.closeAllConnections();
}
