import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Job } from '../../bench/job.js';
import type { Credential, Target } from '../../bench/target.js';
import type { Measurement, ProcessIds } from '../../bench/window.js';
import { makeDevelopmentPki } from '../../certs/development.js';
import { settlePorts } from '../../dev/ports.js';
import { get, waitFor } from '../../dev/wait.js';
import type { Answer } from '../../page/answer.js';
import { V8_FLAGS } from '../../proxy/v8-flags.js';
import { readScrape, sumOf } from '../support/scrape.js';
import type { Census } from './census.js';
import { Child } from './child.js';
import type { DriverAnswer, DriverCommand } from './driver.js';
import { type BenchEdge, startBenchEdge, type Upstream } from './edge.js';
import type { EdgeVariant, ServiceVariant, StagePlan } from './stage-plan.js';

/** Runs `ws` as users install it, without the addon `bufferutil` that a package for our tests brings here. */
const AS_INSTALLED = { WS_NO_BUFFER_UTIL: '1' };
/** The name of the plain relay among the upstreams. */
export const REFERENCE = 'reference';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Time for the service to open its socket, milliseconds. */
const START_MS = 20_000;
/** Time for a service with all its peers to drain and end, milliseconds. */
const DRAIN_MS = 60_000;

/** The running processes of a measurement: services, reference, Envoy before them, the driver. */
export class Stage {
  readonly #dir: string;
  readonly #services = new Map<string, Child>();
  readonly #metricsPorts: ReadonlyMap<string, number>;
  readonly #driver: Child;
  readonly #edge: BenchEdge;

  private constructor(parts: {
    readonly dir: string;
    readonly services: readonly Child[];
    readonly edges: readonly EdgeVariant[];
    readonly metricsPorts: ReadonlyMap<string, number>;
    readonly driver: Child;
    readonly edge: BenchEdge;
  }) {
    this.#dir = parts.dir;
    for (const service of parts.services) this.#services.set(service.name, service);
    const [first] = parts.services;
    if (first !== undefined) for (const { name } of parts.edges) this.#services.set(name, first);
    this.#metricsPorts = parts.metricsPorts;
    this.#driver = parts.driver;
    this.#edge = parts.edge;
  }

  static async start(plan: StagePlan): Promise<Stage> {
    const dir = await mkdtemp(join(tmpdir(), 'ws-bench-'));
    const started: Child[] = [];
    const metricsPorts = new Map<string, number>();
    try {
      const certs = join(dir, 'certs');
      await makeDevelopmentPki(certs);
      const upstreams: Upstream[] = [];
      for (const variant of plan.variants) {
        const unixPath = socketIn(dir, variant.name);
        const { metrics: metricsPort } = await settlePorts({ peers: 0, control: 0, metrics: 0, admin: 0 });
        metricsPorts.set(variant.name, metricsPort);
        started.push(startService(variant, unixPath, metricsPort, plan, dir));
        await waitFor(`${variant.name} did not open its socket`, START_MS, AbortSignal.timeout(START_MS), async () =>
          existsSync(unixPath) ? true : undefined,
        );
        upstreams.push({ name: variant.name, unixPath });
      }
      const [first] = upstreams;
      if (first !== undefined) upstreams.push(...plan.edges.map((variant) => ({ ...first, ...variant })));
      upstreams.push(
        ...plan.fleets.map(({ name, replicas }) => ({ name, unixPaths: replicas.map((one) => socketIn(dir, one)) })),
      );
      const reference = new Child({
        name: REFERENCE,
        args: [...V8_FLAGS, script('reference.js')],
        env: AS_INSTALLED,
        log: join(dir, 'reference.log'),
        ...(plan.layout.service === undefined ? {} : { core: plan.layout.service }),
      });
      started.push(reference);
      upstreams.push({ name: REFERENCE, port: await reference.next(portIn, START_MS) });
      const rest = plan.layout.rest === undefined ? {} : { core: plan.layout.rest };
      const driver = new Child({ name: 'driver', args: [script('driver.js')], log: join(dir, 'driver.log'), ...rest });
      started.push(driver);
      await driver.ready();
      const { edge: core = plan.layout.rest } = plan.layout;
      const edgeCore = core === undefined ? {} : { core };
      const edge = await startBenchEdge({ dir, certs, upstreams, workers: plan.workers, ...edgeCore });
      return new Stage({ dir, services: started.slice(0, -1), edges: plan.edges, metricsPorts, driver, edge });
    } catch (error) {
      await Promise.all(started.map((child) => child.stop()));
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
  }

  pid(name: string): number {
    return this.#service(name).pid;
  }

  /** The processes whose use of the CPU is measured separately while the load goes to that upstream, and to `other` where it goes to two. */
  watched(name: string, other?: string): ProcessIds {
    const both = other === undefined ? {} : { other: this.pid(other) };
    return { service: this.pid(name), ...both, envoy: this.#edge.pid, driver: this.#driver.pid };
  }

  /** Folder of the development PKI. */
  get certs(): string {
    return join(this.#dir, 'certs');
  }

  /** The way to an upstream; answerers go to `other` where it is given. */
  target(name: string, other?: string): Target {
    const { certs } = this;
    const credential = (role: string): Credential => ({
      cert: join(certs, `${role}.cert.pem`),
      key: join(certs, `${role}.key.pem`),
    });
    const urlOf = (one: string): string => `wss://127.0.0.1:${this.#edge.ports.get(one)}/micronets/v1/ws-proxy/sub`;
    return {
      url: urlOf(name),
      ...(other === undefined ? {} : { answererUrl: urlOf(other) }),
      tls: { ca: join(certs, 'root.cert.pem'), asker: credential('manager'), answerer: credential('gateway') },
    };
  }

  run(job: Job): Promise<Measurement> {
    return this.drive({ t: 'run', job }) as Promise<Measurement>;
  }

  /** Sends the driver a job, and waits for the answer. */
  async drive(command: DriverCommand): Promise<unknown> {
    const answered = this.#driver.next((message) => message as DriverAnswer);
    this.#driver.send(command);
    const answer = await answered;
    if (answer.t === 'failed') throw new Error(answer.why);
    return answer.t === 'done' ? answer.result : undefined;
  }

  /** Resolves when a service takes newcomers. */
  async ready(name: string): Promise<void> {
    const readyz = `http://127.0.0.1:${this.#metricsPorts.get(name)}/readyz`;
    await waitFor(`${name} did not get ready`, START_MS, AbortSignal.timeout(START_MS), () => get(readyz));
  }

  /** What the page of a service answers to a browser's question. */
  async look(name: string, question: string): Promise<Answer> {
    const answer = await fetch(`http://127.0.0.1:${this.#metricsPorts.get(name)}/page/state?${question}`);
    if (!answer.ok) throw new Error(`the page answered ${answer.status}`);
    return (await answer.json()) as Answer;
  }

  /** Number of sampled spans of a service that no collector got. */
  async spansMissing(name: string): Promise<number> {
    const scrape = await readScrape(`http://127.0.0.1:${this.#metricsPorts.get(name)}/metrics`);
    const spans = (result: string): number => sumOf(scrape, 'ws_proxy_spans_total', { result });
    if (spans('exported') === 0) throw new Error('the service does not tell what became of its spans');
    return spans('dropped') + spans('lost');
  }

  /** The census of a service after a full collection. */
  async census(name: string): Promise<Census> {
    const service = this.#service(name);
    const answered = service.next((message) => (message as { census?: Census }).census, START_MS);
    service.send('census');
    return answered;
  }

  /** Tells a service to drain and end; returns the CPU time that this took it, nanoseconds. */
  async drained(name: string): Promise<number> {
    const service = this.#service(name);
    const marked = service.next((message) => (message as { marked?: true }).marked, START_MS);
    service.send('mark');
    await marked;
    await service.stop(DRAIN_MS);
    return Number(readFileSync(endingIn(this.#dir, name), 'utf8')) * 1000;
  }

  async stop(): Promise<void> {
    await this.#driver.stop();
    await this.#edge.part.stop(START_MS);
    await Promise.all([...new Set(this.#services.values())].map((service) => service.stop()));
    await rm(this.#dir, { recursive: true, force: true });
  }

  #service(name: string): Child {
    const service = this.#services.get(name);
    if (service === undefined) throw new Error(`there is no ${name} on this stage`);
    return service;
  }
}

function startService(
  variant: ServiceVariant,
  unixPath: string,
  metricsPort: number,
  plan: StagePlan,
  dir: string,
): Child {
  const core = variant.core ?? plan.layout.service;
  return new Child({
    name: variant.name,
    args: [
      ...V8_FLAGS,
      ...plan.nodeFlags,
      ...['--expose-gc', '--import', script('census.js')],
      ...[join(variant.root ?? root, 'bin/ws-proxy.js'), 'serve', '--listen', `unix:${unixPath}`],
      ...['--metrics-port', String(metricsPort), '--policy', 'any-verified', ...variant.flags],
    ],
    env: { ...AS_INSTALLED, WS_BENCH_ENDING: endingIn(dir, variant.name), ...variant.env },
    log: join(dir, `${variant.name}.log`),
    ...(core === undefined ? {} : { core }),
  });
}

function socketIn(dir: string, name: string): string {
  return join(dir, `${name}.sock`);
}

/** File in which a service says what its end cost. */
function endingIn(dir: string, name: string): string {
  return join(dir, `${name}.ending`);
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function portIn(message: unknown): number | undefined {
  return (message as { port?: number }).port;
}
