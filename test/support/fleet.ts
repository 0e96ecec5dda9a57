import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockStore } from '../../proxy/cluster/block-store.js';
import type { ControlServiceClient } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import type { ControlLimits } from '../../proxy/control/limits.js';
import type { Member } from '../../proxy/ports/fleet.js';
import type { MutualTls } from '../../proxy/transport/mutual-tls.js';
import { BreakableLine } from './breakable-line.js';
import { ControlRig } from './control.js';
import { RawAuthority } from './raw-authority.js';
import { type BlockReading, StoredBlocks } from './shared-blocks.js';

/** How the replicas of a rig reach each other. */
export type FleetWay = 'unix' | 'tls';

/** What a rig is made with, where that is not the usual. */
export interface FleetPlan {
  readonly limits?: Partial<ControlLimits>;
  /** The name that each replica asks of the certificates of the others. */
  readonly asked?: string;
  /** Opens each replica's way to another store of blocks than the one in memory. */
  readonly blocks?: () => BlockStore;
}

/** One replica of a rig. */
export interface RigReplica {
  readonly name: string;
  readonly incarnation: string;
  readonly rig: ControlRig;
  /** The others' way to its control API. */
  readonly line: BreakableLine;
  /** Its way to the store of blocks. */
  readonly reading: BlockReading;
}

/** Several real control servers that serve together, with fake peers and a roster in memory. */
export class FleetRig {
  readonly replicas: RigReplica[] = [];
  readonly store = new StoredBlocks();
  readonly #folder: string;
  readonly #way: FleetWay;
  readonly #plan: FleetPlan;
  readonly #tls: MutualTls;
  readonly #ended: RigReplica[] = [];
  readonly #followed: (() => void)[] = [];
  #runs = 0;

  private constructor(folder: string, way: FleetWay, plan: FleetPlan) {
    this.#folder = folder;
    this.#way = way;
    this.#plan = plan;
    const authority = new RawAuthority();
    const { certificate, key } = authority.issue({ subject: [['2.5.4.3', 'replica']], names: [{ dns: NAME }] });
    const [cert, ca] = [Buffer.from(certificate), Buffer.from(authority.certificate)];
    this.#tls = { cert, key: Buffer.from(key), ca, name: plan.asked ?? NAME };
  }

  static async start(way: FleetWay = 'unix', plan: FleetPlan = {}): Promise<FleetRig> {
    const fleet = new FleetRig(await mkdtemp(join(tmpdir(), 'wsf-')), way, plan);
    for (const name of ['r1', 'r2', 'r3']) await fleet.begin(name);
    return fleet;
  }

  /** Starts a run of a replica. */
  async begin(name: string): Promise<RigReplica> {
    this.#runs += 1;
    const incarnation = `${name}-${this.#runs}`;
    const reading = this.store.reading();
    const fleet = { incarnation, members: async () => this.#membersFor(incarnation) };
    const other = this.#plan.blocks?.();
    const link = { fleet, tls: () => (this.#way === 'tls' ? this.#tls : undefined), shared: other ?? reading };
    const rig = await ControlRig.start(this.#plan.limits, { replica: name, link });
    reading.follower = rig.follower;
    reading.read();
    if (other !== undefined) this.#followed.push(other.follow(rig.follower));
    const { cert, key, ca } = this.#tls;
    const line =
      this.#way === 'unix'
        ? await BreakableLine.atSocket(this.#path(incarnation), rig.socketPath)
        : await BreakableLine.atPort(
            { cert, key, ca, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] },
            rig.socketPath,
          );
    const replica = { name, incarnation, rig, line, reading };
    this.replicas.push(replica);
    return replica;
  }

  /** Ends a replica, as if it were killed: nobody answers, and the roster has it no more. */
  async kill(replica: RigReplica): Promise<void> {
    this.replicas.splice(this.replicas.indexOf(replica), 1);
    this.#ended.push(replica);
    await replica.line.close();
  }

  /** The replica at that place, from 0. */
  at(place: number): RigReplica {
    const replica = this.replicas[place];
    if (replica === undefined) throw new Error(`no replica ${place}`);
    return replica;
  }

  /** A client of the replica at that place. */
  client(place: number): ControlServiceClient {
    return this.at(place).rig.client();
  }

  async stop(): Promise<void> {
    for (const end of this.#followed) end();
    for (const { line } of this.replicas) await line.close();
    for (const { rig } of [...this.replicas, ...this.#ended]) await rig.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #membersFor(own: string): readonly Member[] {
    const members = this.replicas.map(({ name, incarnation, line }) => ({
      ...{ incarnation, replica: name, version: '0.0.0', policyDigest: '', self: incarnation === own },
      control: this.#way === 'unix' ? `unix:${this.#path(incarnation)}` : `127.0.0.1:${line.port}`,
    }));
    return members.toSorted((a, b) => Number(b.self) - Number(a.self));
  }

  #path(incarnation: string): string {
    return join(this.#folder, `${incarnation}.sock`);
  }
}

/** The name in the certificates of replicas. */
const NAME = 'replica.ws-proxy.test';
