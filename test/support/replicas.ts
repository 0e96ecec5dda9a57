import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HopListener } from '../../proxy/door/hop/hop-listener.js';
import type { HopTimes } from '../../proxy/door/hop/hop-parts.js';
import { Hops } from '../../proxy/door/hop/hops.js';
import { listen } from '../../proxy/door/listen.js';
import type { ListenAddress } from '../../proxy/door/listen-address.js';
import { edgeServer } from '../../proxy/door/server.js';
import { UpgradeEdge } from '../../proxy/door/upgrade.js';
import { Door } from '../../proxy/policy/door.js';
import { AdmissionLimits } from '../../proxy/policy/limits/admission-limits.js';
import { anyOf } from '../../proxy/policy/lists/revocations.js';
import { anyVerified } from '../../proxy/policy/rules/any-verified.js';
import { leisure } from '../../proxy/ports/leisure.js';
import { systemClock } from '../../proxy/ports/system-clock.js';
import { Drain, type DrainPlan } from '../../proxy/session/drain.js';
import { Entrants } from '../../proxy/session/entrants.js';
import type { HopEvidence, Locator, Owner, Placement } from '../../proxy/session/life/locator.js';
import { NO_INVOCATIONS, type SessionStatistics } from '../../proxy/session/views/statistics.js';
import { HopCounts } from '../../proxy/telemetry/metrics/hop-counts.js';
import { acceptor } from '../../proxy/transport/accept.js';
import type { MutualTls } from '../../proxy/transport/mutual-tls.js';
import type { Ending, EndingLabel } from '../../proxy/wire/close.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { type CoreParts, coreOf } from './core-parts.js';
import { CORE_SERVER_BOUNDS, type CoreBounds } from './core-server.js';
import { Scratch } from './scratch.js';

/** How the replicas reach each other. */
export interface HopWay {
  readonly name: string;
  /** TLS of each replica; absent: unix sockets. */
  readonly tls?: MutualTls;
}

interface ReplicaWish {
  readonly bounds?: Partial<CoreBounds>;
  readonly times?: Partial<HopTimes>;
  readonly maxConnections?: number;
  readonly maxPerCertificate?: number;
  /** Address of what stands in for the control API. */
  readonly control?: ListenAddress;
  readonly statistics?: SessionStatistics;
}

interface Claim {
  owner: Owner;
  users: number;
}

const TIMES: HopTimes = { dial: 1_000, answer: 2_500, placing: 4_000, linger: 2_000, quiet: 60_000 };
const NONE: SessionStatistics = { of: () => NO_INVOCATIONS };

/** Replicas in this process that hand on by real sockets; who serves which meetup stands in a table in memory. */
export class Replicas {
  readonly scratch = new Scratch();
  readonly claims = new Map<string, Claim>();
  readonly way: HopWay;
  readonly #all: Replica[] = [];

  constructor(way: HopWay = { name: 'unix' }) {
    this.way = way;
  }

  async start(name: string, wish: ReplicaWish = {}): Promise<Replica> {
    const replica = new Replica(this, name, wish);
    await replica.listen();
    this.#all.push(replica);
    return replica;
  }

  async stop(): Promise<void> {
    for (const replica of this.#all) await replica.stop();
    // Connections that have gone are dealt with at leisure.
    await leisure();
    this.scratch.remove();
  }
}

/** One replica: door, core, and both its listeners, as the composition joins them. */
export class Replica implements Locator {
  readonly name: string;
  incarnation: string;
  mayPair = true;
  readonly core: CoreParts;
  readonly edge: UpgradeEdge;
  readonly hops: Hops;
  readonly counts = new HopCounts();
  readonly drain: Drain;
  readonly limits: AdmissionLimits;
  /** Labels of the upgrades that were refused here. */
  readonly refused: string[] = [];
  /** The ends of the connections that were served here. */
  readonly endings: EndingLabel[] = [];
  /** What hops showed, in order. */
  readonly evidence: HopEvidence['fault'][] = [];
  readonly reports: string[] = [];
  /** Replicas that asked for the end of who came through them. */
  readonly asked: string[] = [];
  /** Owners that this replica takes for those of meetups, until a hop shows otherwise. */
  readonly stale = new Map<string, Owner>();
  readonly faults: unknown[] = [];
  readonly edgePath: string;
  readonly #fleet: Replicas;
  readonly #edgeServer: Server;
  readonly #listener: HopListener;
  #address = '';
  #watchers: (() => void)[] = [];

  constructor(fleet: Replicas, name: string, wish: ReplicaWish) {
    this.#fleet = fleet;
    this.name = name;
    this.incarnation = `${name}-1`;
    this.edgePath = fleet.scratch.path(`${name}.edge`);
    const clock = systemClock;
    const { tls } = fleet.way;
    const { maxConnections = 100, maxPerCertificate = 50, statistics = NONE, control } = wish;
    const bounds = { ...CORE_SERVER_BOUNDS, ...wish.bounds };
    this.limits = new AdmissionLimits({
      ...{ total: maxConnections, connections: maxPerCertificate, greetings: 20 },
      ...{ connectsPerSecond: 1_000, connectBurst: 1_000 },
    });
    const wake = (): void => this.#wake();
    const ended = (_: unknown, { label }: Ending): void => {
      this.endings.push(label);
      wake();
    };
    const readers = [{ admitted: wake, seated: wake, paired: wake, ended }];
    this.core = coreOf({ clock, bounds, readers, locator: this, statistics });
    const { present, steering, events, registry } = this.core;
    this.hops = new Hops({
      tls: () => tls,
      ...{ clock, counts: this.counts, times: { ...TIMES, ...wish.times } },
      incarnation: () => this.incarnation,
      report: {
        answered: () => {},
        failed: (owner, fault, detail) => void this.reports.push(`${owner.replica} ${fault}: ${detail}`),
      },
    });
    this.drain = new Drain(present, steering, clock, statistics, this.hops);
    const entrants = new Entrants({ present, steering, clock, statistics });
    this.edge = new UpgradeEdge({
      ...{ clock, maxConnections, limits: this.limits, locator: this, hops: this.hops, pathPrefix: MEETUP_PREFIX },
      seats: registry,
      door: new Door({
        now: () => clock.now(),
        drains: () => this.drain.state.t !== 'serving',
        revocations: anyOf([]),
        policy: anyVerified,
      }),
      accept: acceptor(bounds),
      refused: (upgrade) => {
        this.refused.push(upgrade.refusal.label);
        events.refused(upgrade);
      },
      origins: () => true,
      fault: (error) => void this.faults.push(error),
    });
    this.#edgeServer = edgeServer(this.edge, undefined);
    const { edge } = this;
    const drain = (via: string, plan: DrainPlan): boolean => {
      this.asked.push(via);
      return entrants.drain(via, plan);
    };
    this.#listener = new HopListener({ edge, tls, control, drain, clock, linger: bounds.closeTimeout });
    registry.start();
  }

  /** Address of the hop listener. */
  get address(): string {
    return this.#address;
  }

  get owner(): Owner {
    return { incarnation: this.incarnation, replica: this.name, address: this.#address };
  }

  async listen(): Promise<void> {
    const fault = (error: unknown): void => void this.faults.push(error);
    await listen(this.#edgeServer, { t: 'unix', path: this.edgePath }, { option: 'listen', fault });
    const hopPath = this.#fleet.scratch.path(`${this.name}.hop`);
    const isTls = this.#fleet.way.tls !== undefined;
    const place: ListenAddress = isTls ? { t: 'tcp', host: '127.0.0.1', port: 0 } : { t: 'unix', path: hopPath };
    await listen(this.#listener.server, place, { option: 'hop-listen', fault });
    const bound = this.#listener.server.address() as AddressInfo;
    this.#address = isTls ? `127.0.0.1:${bound.port}` : `unix:${hopPath}`;
  }

  /** For `ws`: the address of a meetup at this replica. */
  url(meetupId: string): string {
    return `ws+unix:${this.edgePath}:${MEETUP_PREFIX}${meetupId}`;
  }

  async locate(meetupId: string, evidence?: HopEvidence): Promise<Placement> {
    if (evidence !== undefined) this.evidence.push(evidence.fault);
    const stale = this.stale.get(meetupId);
    if (evidence === undefined && stale !== undefined) return { t: 'there', owner: stale };
    // Who does not answer may live: nobody takes over from it.
    if (evidence?.fault === 'silent') return { t: 'nowhere', detail: 'the owner does not answer' };
    await new Promise((resolve) => setImmediate(resolve));
    const { claims } = this.#fleet;
    const claim = claims.get(meetupId);
    const isMine = claim?.owner.incarnation === this.incarnation;
    if (claim !== undefined && !isMine && claim.owner.incarnation !== evidence?.owner.incarnation) {
      return { t: 'there', owner: claim.owner };
    }
    if (claim !== undefined && isMine) claim.users += 1;
    else claims.set(meetupId, { owner: this.owner, users: 1 });
    return { t: 'here' };
  }

  serves(meetupId: string): boolean {
    return this.#fleet.claims.get(meetupId)?.owner.incarnation === this.incarnation;
  }

  leave(meetupId: string): void {
    const claim = this.#fleet.claims.get(meetupId);
    if (claim?.owner.incarnation !== this.incarnation) return;
    claim.users -= 1;
    if (claim.users === 0) this.#fleet.claims.delete(meetupId);
  }

  /** Resolves once the condition holds; it is checked when a peer comes, sits, pairs or ends. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve);
      });
    }
  }

  /** Nobody listens for other replicas any more; what is open stays. */
  deafen(): void {
    this.#listener.server.close();
  }

  /** Nobody listens any more, and all connections break off. */
  async die(): Promise<void> {
    const closed = Promise.all([this.#edgeServer, this.#listener.server].map((server) => closedOf(server)));
    this.#edgeServer.close();
    this.#edgeServer.closeAllConnections();
    this.#listener.stop();
    await this.hops.stop();
    await this.edge.close(0);
    await closed;
    this.core.registry.stop();
  }

  async stop(): Promise<void> {
    if (this.#edgeServer.listening) await this.die();
  }

  #wake(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

function closedOf(server: Server): Promise<unknown> {
  return server.listening ? once(server, 'close') : Promise.resolve();
}
