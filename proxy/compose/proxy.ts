import { hostname } from 'node:os';
import { admissionBounds, drainPlan as drainPlanOf } from '../config/bounds.js';
import type { Config } from '../config/options.js';
import { productVersion } from '../config/version.js';
import { Guard } from '../door/guard.js';
import { capacityOf, systemLimits } from '../door/open-files.js';
import { originRule } from '../door/origin.js';
import { UpgradeEdge } from '../door/upgrade.js';
import { quickStartIn } from '../page/quick-start.js';
import { spansTo } from '../page/spans-to.js';
import { StatusPage } from '../page/status-page.js';
import { Door } from '../policy/door.js';
import { AdmissionLimits } from '../policy/limits/admission-limits.js';
import { Blocks } from '../policy/limits/blocks.js';
import { systemClock } from '../ports/system-clock.js';
import { Budget } from '../session/budget.js';
import { Drain, type DrainPlan } from '../session/drain.js';
import { ALWAYS_HERE } from '../session/life/locator.js';
import { harmless, inTurn } from '../session/life/message-observer.js';
import { Registry } from '../session/registry.js';
import { Standstill } from '../session/standstill.js';
import { expiryVerdict, Steering } from '../session/steering.js';
import { Events } from '../session/views/events.js';
import { Overview } from '../session/views/overview.js';
import { Present } from '../session/views/present.js';
import { GuardReport } from '../telemetry/logs/guard-report.js';
import { acceptor } from '../transport/accept.js';
import { listenForPeers, listenForProbes } from './listeners.js';
import { findingsIn, openMemory } from './memory.js';
import { startTelemetry, type Telemetry } from './telemetry.js';
import { type Undo, unwind } from './unwind.js';

/** Time between two checks of expiry dates and the memory budget, milliseconds: half of the time that a peer may overstay. */
const UPKEEP_INTERVAL = 1000;

/** The parts that tests and the command look at from outside. */
interface Parts {
  readonly telemetry: Telemetry;
  readonly drain: Drain;
  readonly drainPlan: DrainPlan;
  /** Port of metrics and probes. */
  readonly metricsPort: number;
}

/** The whole service: the only place where parts are made and joined. */
export class WsProxy {
  readonly parts: Parts;
  readonly #undo: Undo[];

  private constructor(parts: Parts, undo: Undo[]) {
    this.parts = parts;
    this.#undo = undo;
  }

  /** Makes and joins the parts and begins to listen; on a failure it undoes everything begun. */
  static async start(config: Config): Promise<WsProxy> {
    const undo: Undo[] = [];
    try {
      return new WsProxy(await compose(config, undo), undo);
    } catch (error) {
      // The reason of the failed start matters more than a failure of its undoing.
      await unwind(undo).catch(() => {});
      throw error;
    }
  }

  /** Refuses newcomers, lets requests in flight finish, closes sessions in batches, then stops. */
  async drainAndStop(): Promise<void> {
    await this.parts.drain.start(this.parts.drainPlan);
    await this.stop();
  }

  /** Stops; open connections have a bounded time to get their close frames out. */
  async stop(): Promise<void> {
    await unwind(this.#undo);
  }
}

async function compose(config: Config, undo: Undo[]): Promise<Parts> {
  const clock = systemClock;
  const replica = config.replica ?? `${hostname()}-${process.pid}`;
  const version = productVersion();
  // The gRPC library is large: a service without a control API does not load it.
  const control = config.controlListen === undefined ? undefined : await import('./control.js');

  // Telemetry comes first, so that every later part can report to it.
  const present = new Present();
  const rpcMethods = control?.RPC_METHODS ?? [];
  const telemetry = await startTelemetry({ config, clock, present, replica, version, rpcMethods });
  const { fault, gauges, log } = telemetry;
  undo.push(() => telemetry.stop());
  const { maxConnections, warnings } = capacityOf(config.maxConnections, systemLimits());
  for (const warning of warnings) log.logger.warn(warning);
  gauges.limits(maxConnections, config.maxSessions);

  // The core: connections and sessions.
  const limits = new AdmissionLimits(admissionBounds(config));
  const events = new Events(telemetry.statistics, fault);
  for (const reader of telemetry.readers) events.subscribe(reader);
  const memory = openMemory(config, clock, events, telemetry);
  const overview = new Overview(present, telemetry.statistics);
  const steering = new Steering(present);
  const taps = control?.messageTaps();
  const messages = inTurn(taps && harmless(taps, fault), telemetry.messages);
  const standstill = new Standstill(present);
  const blocks = new Blocks();
  // The same of the library for NATS, and a replica that is alone needs no other.
  const digest = { of: (): string => '' };
  const fleet =
    config.nats.length === 0
      ? undefined
      : await (await import('./fleet.js')).openFleet({
          ...{ config, clock, telemetry, present, steering, standstill, blocks },
          ...{ replica, version, maxConnections, undo },
          policyDigest: () => digest.of(),
        });
  const locator = fleet?.locator ?? ALWAYS_HERE;
  const registry = new Registry({ clock, bounds: config, present, steering, events, standstill, locator, messages });
  const drain = new Drain(present, steering, clock, telemetry.statistics, fleet?.hops);
  const drainPlan = drainPlanOf(config);
  const budget = new Budget(present, steering, config.memoryBudget);

  // The policy and the lists that guard the door.
  const listener = new GuardReport(gauges, log.logger, clock);
  const guard = await Guard.open({ files: config, clock, steering, listener });
  undo.push(() => guard.close());
  digest.of = () => guard.policyFile?.digest ?? '';
  const door = new Door({
    now: () => clock.now(),
    drains: () => drain.state.t !== 'serving',
    overloads: (bearer) => budget.keepsOut(bearer),
    revocations: guard.revocations,
    blocks,
    policy: guard.policy,
  });

  registry.start();
  undo.push(() => registry.stop());

  // The servers. Telemetry and steering are made before them, so that a listening service can be observed and stopped.
  const notReady = (): string | undefined =>
    guard.waiting ?? (drain.state.t === 'serving' ? fleet?.notReady() : `this replica is ${drain.state.t}`);
  const { counts, readInvocations } = telemetry;
  const page = config.page
    ? new StatusPage({
        ...{ clock, version, replica, overview, memory, drain, guard, notReady, counts, readInvocations, fault },
        findings: findingsIn(memory, replica, clock),
        spansTo: spansTo(),
        traceLink: config.traceLink,
        quickStart: quickStartIn(process.env, process.cwd(), config.pathPrefix),
      })
    : undefined;
  undo.push(() => page?.close());
  const listeners = { config, clock, telemetry, undo };
  const probes = await listenForProbes(listeners, { notReady, pages: page?.pages ?? {} });
  undo.push(probes.close);
  let watchers = (): number => 0;
  if (control !== undefined && taps !== undefined && config.controlListen !== undefined) {
    const core = { taps, overview, events, steering, drain, memory };
    const facts = { notReady, link: fleet?.link, replica, version, pages: page?.certified ?? {} };
    const steered = { config, clock, telemetry, guard, door, ...core, blocks, ...facts };
    const served = await control.startControl(steered, config.controlListen);
    undo.push(() => served.stop());
    watchers = () => served.watchers();
  }
  const upkeep = (): void => {
    void steering.sweepInSlices(({ identity }) => expiryVerdict(identity.notAfter, clock.now()));
    budget.enforce();
    gauges.draining(drain.state.t !== 'serving');
    gauges.watchers(watchers());
    gauges.certificateExpires('client', overview.firstExpiry);
  };
  undo.push(clock.every(UPKEEP_INTERVAL, upkeep));
  const accept = acceptor(config, fleet?.beforeReading);
  const edge = new UpgradeEdge({
    pathPrefix: config.pathPrefix,
    clock,
    seats: registry,
    door,
    limits,
    locator,
    hops: fleet?.hops,
    accept,
    refused: (upgrade) => events.refused(upgrade),
    origins: originRule(config.origins),
    fault,
    maxConnections,
  });
  const ready = async (): Promise<void> => {
    await guard.begun;
    await fleet?.join(edge);
  };
  // All peers may connect at once, and a unix socket whose queue is full turns the edge away.
  const closePeers = await listenForPeers(listeners, edge, { ready, backlog: maxConnections });
  undo.push(async () => {
    closePeers();
    steering.sweep(() => ({ label: 'draining' }));
    await Promise.all([fleet?.hops.stop(), edge.close(config.closeTimeout)]);
  });

  const metricsPort = probes.port;
  log.logger.info(
    { listen: config.listen, control: config.controlListen, metrics_port: metricsPort, replica, version },
    'ready',
  );
  return { telemetry, drain, drainPlan, metricsPort };
}
