import type { EnvoyPorts } from '../../../../dev/envoy.js';
import { healthyAt } from '../../../../dev/fleet/envoy-part.js';
import { waitFor } from '../../../../dev/wait.js';
import { renderEdge } from '../../../../envoy/render.js';
import { changeReplicas } from '../../../../envoy/replicas.js';
import { edgeSettings } from '../../../support/edge-settings.js';
import { startNats, type TestNats } from '../../../support/nats.js';
import { PREFIX } from '../../../support/stack.js';
import type { ArenaPart } from '../../arena/arena-part.js';
import { ARENA_VARIABLE } from '../../arena/arena-plan.js';
import { freeRun } from '../../arena/free-ports.js';
import { withLastWords } from '../../arena/last-words.js';
import { SIDES, type Side } from '../../judge/history.js';
import { CrowdProcess } from '../../peers/crowd-process.js';
import type { Stage } from '../../stage.js';
import { ClaimTable } from './claim-table.js';
import type { Cut } from './cutter-order.js';
import { CutterProcess } from './cutter-process.js';
import { FleetFiles } from './fleet-files.js';
import { asEnvoySees, fleetEnvoyPart, type ReplicaPlan, replicaPart } from './fleet-parts.js';
import { EDGES, type EdgeName, type FleetPlan, NATS, next, REPLICAS, type ReplicaName, SPARE } from './fleet-plan.js';
import { FleetWatch, type WatchedFleet } from './fleet-watch.js';
import { Operator } from './operator.js';

/** A replica, and what is known of it. */
export interface FleetReplica extends ReplicaPlan {
  readonly part: ArenaPart;
}

/** An Envoy, and its ports. */
interface FleetEdge {
  readonly name: EdgeName;
  readonly part: ArenaPart;
  readonly ports: EnvoyPorts;
}

const ALL: readonly ReplicaName[] = [...REPLICAS, SPARE];
/** Metrics, hops, and the near ends of the cables to its hops and to NATS. */
const PORTS_OF_REPLICA = 4;
const PORTS_OF_EDGE = 3;
/** Milliseconds for an Envoy to take up another list of replicas. */
const LISTED_MS = 20_000;

/**
 * Three replicas, two Envoys, NATS and two crowds of peers, each a process of its own, and a cable that can be cut between every two that
 * talk without an Envoy between them.
 */
export class FleetArena implements Stage, WatchedFleet {
  readonly files = new FleetFiles();
  readonly crowds: Readonly<Record<Side, CrowdProcess>>;
  readonly nats: TestNats;
  readonly #cutter: CutterProcess;
  #watch: FleetWatch | undefined;
  #replicas: readonly FleetReplica[] = [];
  #edges: readonly FleetEdge[] = [];
  /** Those that the Envoys know. */
  #listed: readonly ReplicaName[] = REPLICAS;
  readonly #plan: FleetPlan;

  private constructor(plan: FleetPlan, nats: TestNats) {
    this.#plan = plan;
    this.nats = nats;
    const { files } = this;
    const env = this.#env();
    const log = (name: string): string => files.path(`log/${name}.log`);
    this.crowds = {
      manager: new CrowdProcess(log('managers'), env),
      gateway: new CrowdProcess(log('gateways'), env),
    };
    this.#cutter = new CutterProcess(log('cutter'), env);
  }

  static async start(plan: FleetPlan = {}): Promise<FleetArena> {
    const arena = new FleetArena(plan, await startNats());
    try {
      await arena.#lay();
      const operator = new Operator(arena.files.authority.certificate, arena.files.admin);
      arena.#watch = new FleetWatch(arena, await ClaimTable.open(arena.nats.url), operator);
      await Promise.all(SIDES.map((side) => arena.crowds[side].up()));
      await Promise.all(EDGES.map((name) => arena.#render(name)));
      await Promise.all(REPLICAS.map((name) => arena.revive(name)));
      await Promise.all(arena.#edges.map(({ part }) => part.revive()));
      return arena;
    } catch (error) {
      const failure = withLastWords(error, arena.parts);
      await arena.close();
      throw failure;
    }
  }

  get parts(): readonly ArenaPart[] {
    return [...this.#replicas, ...this.#edges].map(({ part }) => part);
  }

  /** Those that run now. */
  get running(): readonly FleetReplica[] {
    return this.#replicas.filter(({ part }) => part.isRunning);
  }

  get replicas() {
    return this.running.map(({ name, metrics, part: { pid } }) => ({ name, metrics, pid }));
  }

  get controls(): ReadonlyMap<string, number> {
    return new Map(this.#edges.map(({ part, ports }) => [part.name, ports.control]));
  }

  replica(name: ReplicaName): FleetReplica {
    const found = this.#replicas.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no replica ${name}`);
    return found;
  }

  edge(name: EdgeName): FleetEdge {
    const found = this.#edges.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no Envoy ${name}`);
    return found;
  }

  /** Sees whether all agree, and steers them. */
  get watch(): FleetWatch {
    if (this.#watch === undefined) throw new Error('the fleet has not begun');
    return this.#watch;
  }

  /** One Envoy and then the other. Of every two pairs one is split: its peers dial different ones first, which lead to different replicas. */
  urls(side: Side, place: number): readonly string[] {
    const home = (place >> 3) & 1;
    const isSplit = (((place >> 2) ^ home) & 1) === 0;
    const first = side === 'gateway' && isSplit ? 1 - home : home;
    return [first, 1 - first].map((at) => this.url(EDGES[at] ?? 'a'));
  }

  whileTheySit(pairs: number): Promise<readonly string[]> {
    return this.watch.whileTheySit(pairs);
  }

  whenTheyHaveGone(): Promise<readonly string[]> {
    return this.watch.whenTheyHaveGone();
  }

  /** Where peers dial, by Envoy. */
  url(name: EdgeName): string {
    return `wss://localhost:${this.edge(name).ports.peers}${PREFIX}`;
  }

  /** Starts that replica, and resolves when it is ready. */
  async revive(name: ReplicaName): Promise<void> {
    const { part, hop } = this.replica(name);
    await this.#cutter.open({ to: name }, hop.advertised, hop.port);
    const ready = part.revive();
    // Its first dial is made before it is ready.
    await this.#cutter.name(Object.fromEntries(this.replicas.map(({ name: one, pid }) => [one, pid])));
    await ready;
    this.watch.noteFiles(part.pid);
  }

  /** Ends that replica by a signal; resolves when it is gone, and refuses who dials it as its own port does. */
  async end(name: ReplicaName, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.replica(name).part.kill(signal);
    await this.#cutter.shut(name);
  }

  /** Cuts the cables between these, and mends all others. */
  async cut(...between: readonly Cut[]): Promise<void> {
    await this.#cutter.cut(...between);
  }

  /** Has both Envoys know these replicas and no others; resolves when they take them for ready. */
  async list(names: readonly ReplicaName[]): Promise<void> {
    this.#listed = names;
    for (const { name } of this.#edges) await changeReplicas(this.#config(name), () => this.#seenBy(name));
    await this.allFind(names.length);
  }

  /** Resolves when each Envoy takes so many replicas for ready; all that it knows when left out. */
  async allFind(count = this.#listed.length): Promise<void> {
    await Promise.all(EDGES.map((name) => this.finds(name, count)));
  }

  /** Resolves when that Envoy takes so many replicas for ready. */
  async finds(name: EdgeName, count: number): Promise<void> {
    const { admin } = this.edge(name).ports;
    const never = new AbortController().signal;
    await waitFor(`Envoy ${name} does not find ${count} replicas ready`, LISTED_MS, never, async () => {
      return (await healthyAt(admin)) === count || undefined;
    });
  }

  /** Ends everything, whatever was done to it. */
  async close(): Promise<void> {
    await Promise.all(this.parts.map((part) => part.close()));
    await Promise.all(SIDES.map((side) => this.crowds[side].stop()));
    await this.#cutter.stop();
    await this.#watch?.claims.close();
    await this.nats.remove();
    this.files.remove();
  }

  /** Lays the cables and plans the parts. */
  async #lay(): Promise<void> {
    const { files } = this;
    const plan = this.#plan;
    const env = this.#env();
    const ports = await freeRun(ALL.length * PORTS_OF_REPLICA + EDGES.length * PORTS_OF_EDGE);
    const replicas: FleetReplica[] = [];
    for (const [at, name] of ALL.entries()) {
      const [metrics = 0, port = 0, advertised = 0, nats = 0] = ports.slice(at * PORTS_OF_REPLICA);
      const one: ReplicaPlan = { name, plan, files, env, metrics, hop: { port, advertised }, nats };
      await this.#cutter.open({ from: name, to: NATS }, nats, this.nats.port);
      replicas.push({ ...one, part: replicaPart(one) });
    }
    this.#replicas = replicas;
    this.#edges = EDGES.map((name, at) => {
      const [peers = 0, control = 0, admin = 0] = ports.slice(ALL.length * PORTS_OF_REPLICA + at * PORTS_OF_EDGE);
      const healthy = (): number => this.#listed.length;
      return { name, ports: { peers, control, admin }, part: fleetEnvoyPart({ name, files, admin, healthy }) };
    });
  }

  async #render(name: EdgeName): Promise<void> {
    const { files } = this;
    const { peers, control, admin } = this.edge(name).ports;
    await renderEdge(
      edgeSettings(files.scratch.directory, {
        ...{ configDir: this.#config(name), peersPort: peers, controlPort: control, adminPort: admin },
        ...{ clientCa: files.path('trust/root.cert.pem'), clientCrl: files.path('trust/root.crl.pem') },
        fleet: { replicas: this.#seenBy(name) },
        ...{ serviceSocket: '', controlSocket: '' },
      }),
    );
  }

  #seenBy(edge: EdgeName) {
    const all = this.#listed;
    const isTurned = edge === 'b' && this.#plan.isHashed !== true;
    return all.map((name) => asEnvoySees(name, this.replica(isTurned ? next(name, all) : name)));
  }

  #config(name: EdgeName): string {
    return this.files.path(`envoy-${name}`);
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, [ARENA_VARIABLE]: this.files.scratch.directory };
  }
}
