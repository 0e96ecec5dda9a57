import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healthyAt } from '../../../../dev/fleet/envoy-part.js';
import { type FleetRecord, recordedFleet } from '../../../../dev/fleet/fleet-record.js';
import { waitFor } from '../../../../dev/wait.js';
import { changeReplicas } from '../../../../envoy/replicas.js';
import { Scratch } from '../../../support/scratch.js';
import { type StartedProxy, startProxy } from '../../../support/started-proxy.js';
import { ARENA_VARIABLE } from '../../arena/arena-plan.js';
import { SIDES, type Side } from '../../judge/history.js';
import { CrowdProcess } from '../../peers/crowd-process.js';
import type { Stage, StageFiles } from '../../stage.js';
import { ClaimTable } from '../arena/claim-table.js';
import { next } from '../arena/fleet-plan.js';
import { FleetWatch, type WatchedFleet } from '../arena/fleet-watch.js';
import { Operator } from '../arena/operator.js';
import { LoggedPart } from './logged-part.js';

/** Milliseconds until a part that ended is there again. */
const AGAIN_MS = 60_000;
/** Milliseconds for an Envoy to take up a list. */
const LISTED_MS = 10_000;

/** `npm run start:fleet` as anybody runs it, with two crowds of peers whose pairs are split on purpose. */
export class StartedFleet implements Stage, WatchedFleet {
  readonly crowds: Readonly<Record<Side, CrowdProcess>>;
  readonly files: StageFiles;
  readonly controls: ReadonlyMap<string, number>;
  readonly parts: readonly LoggedPart[];
  readonly watch: FleetWatch;
  readonly #proxy: StartedProxy;
  readonly #scratch: Scratch;
  readonly #claims: ClaimTable;
  readonly #urls: readonly string[];

  private constructor(proxy: StartedProxy, ready: string, scratch: Scratch, claims: ClaimTable) {
    this.#proxy = proxy;
    this.#scratch = scratch;
    this.#claims = claims;
    this.#urls = ready.match(/wss:\S+/g) ?? [];
    const controls = /control (.*?) metrics/.exec(ready)?.[1] ?? '';
    this.controls = new Map(
      [...controls.matchAll(/:(\d+)/g)].map(([, port], at) => [`envoy-${at + 1}`, Number(port)] as const),
    );
    this.parts = this.recorded.map(({ name }) => new LoggedPart(name, join(proxy.runDir, 'log', `${name}.log`)));
    const of = (role: string) => ({
      certificate: this.#read('certs', `${role}.cert.pem`),
      key: this.#read('certs', `${role}.key.pem`),
    });
    const authority = { certificate: this.#read('certs', 'root.cert.pem') };
    this.files = {
      authority,
      credentials: { manager: [of('manager')], gateway: [of('gateway')] },
      path: (name) => scratch.path(name),
    };
    const admin = { ...of('admin'), der: Buffer.alloc(0) };
    this.watch = new FleetWatch(this, claims, new Operator(authority.certificate, admin));
    const env = { ...process.env, [ARENA_VARIABLE]: scratch.directory };
    const crowd = (side: Side): CrowdProcess => new CrowdProcess(scratch.path(`${side}s.log`), env);
    this.crowds = { manager: crowd('manager'), gateway: crowd('gateway') };
  }

  static async start(): Promise<StartedFleet> {
    const proxy = await startProxy({}, await mkdtemp(join(tmpdir(), 'ws-proxy-fleet-')), '--fleet');
    const scratch = new Scratch();
    let fleet: StartedFleet | undefined;
    try {
      const ready = await proxy.ready;
      fleet = new StartedFleet(proxy, ready, scratch, await openClaims(proxy.runDir));
      await Promise.all(SIDES.map((side) => fleet?.crowds[side].up()));
      await fleet.#turn();
      return fleet;
    } catch (error) {
      await (fleet?.close() ?? proxy.clean());
      throw error;
    }
  }

  /** Those that run now. */
  get recorded(): readonly FleetRecord[] {
    return recordedFleet(this.#proxy.runDir);
  }

  get replicas() {
    const found = this.recorded.filter(({ name }) => name.startsWith('replica-'));
    return found.map(({ name, pid, port }) => ({ name, pid, metrics: port }));
  }

  /** Ends that part as the system does when memory runs out. */
  kill(name: string): void {
    const found = this.recorded.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} does not run`);
    process.kill(found.pid, 'SIGKILL');
  }

  /** Resolves when all parts run again, and the Envoys find all replicas ready. */
  async whole(): Promise<void> {
    const never = new AbortController().signal;
    await waitFor('not all parts run again', AGAIN_MS, never, async () => {
      if (this.recorded.length < this.parts.length) return undefined;
      const admins = [...this.controls.keys()].map((edge) => this.#adminOf(edge));
      const healthy = await Promise.all(admins.map((admin) => (admin === undefined ? 0 : healthyAt(admin))));
      return healthy.every((count) => count === this.replicas.length) || undefined;
    });
  }

  /** One Envoy and then the other; the peers of a pair dial different ones first. */
  urls(side: Side, place: number): readonly string[] {
    const first = (place + (side === 'gateway' ? 1 : 0)) % this.#urls.length;
    return [...this.#urls.slice(first), ...this.#urls.slice(0, first)];
  }

  whileTheySit(pairs: number): Promise<readonly string[]> {
    return this.watch.whileTheySit(pairs);
  }

  whenTheyHaveGone(): Promise<readonly string[]> {
    return this.watch.whenTheyHaveGone();
  }

  async close(): Promise<void> {
    await Promise.all(SIDES.map((side) => this.crowds[side].stop()));
    await this.#claims.close();
    await this.#proxy.clean();
    this.#scratch.remove();
  }

  /** Has the second Envoy take each replica for the next one: what it is told is no lie of ours about where a meetup is, since any replica may be dialled for any. */
  async #turn(): Promise<void> {
    const [, second = ''] = [...this.controls.keys()];
    const dir = join(this.#proxy.runDir, second);
    await changeReplicas(dir, (present) => present.map((one) => ({ ...next(one, present), name: one.name })));
    const admin = this.#adminOf(second);
    const never = new AbortController().signal;
    await waitFor(`${second} did not take up the list`, LISTED_MS, never, async () => {
      return admin !== undefined && (await healthyAt(admin)) === this.replicas.length ? true : undefined;
    });
  }

  #adminOf(edge: string): number | undefined {
    const path = join(this.#proxy.runDir, 'log', `${edge}-admin.address`);
    if (!existsSync(path)) return undefined;
    return Number(/:(\d+)\s*$/.exec(readFileSync(path, 'utf8'))?.[1]);
  }

  #read(...names: readonly string[]): string {
    return readFileSync(join(this.#proxy.runDir, ...names), 'utf8');
  }
}

async function openClaims(runDir: string): Promise<ClaimTable> {
  const [user = '', pass = ''] = readFileSync(join(runDir, 'nats', 'user'), 'utf8').split('\n');
  const nats = recordedFleet(runDir).find(({ name }) => name === 'nats');
  return ClaimTable.open(`nats://127.0.0.1:${nats?.port}`, { user, pass });
}
