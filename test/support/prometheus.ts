import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { settlePorts } from '../../dev/ports.js';
import { get, waitFor } from '../../dev/wait.js';
import type { Scratch } from './scratch.js';
import { ROOT } from './sources.js';

/** Milliseconds until Prometheus has started, and until a query gets its answer. */
const WAIT_MS = 30_000;
/** Seconds between two scrapes, and between two rounds of the rules. */
const EVERY = '1s';

interface ScrapeJob {
  readonly job_name: string;
  readonly static_configs?: readonly unknown[];
  readonly dns_sd_configs?: readonly unknown[];
}

/** A program of Debian's `prometheus`, which may not be on this machine. */
export function isInstalled(program: 'prometheus' | 'promtool'): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

/** The real Prometheus on the shipped configuration, with other targets and shorter intervals. */
export class Prometheus {
  readonly #child: ChildProcess;
  readonly #base: string;
  #log = '';

  private constructor(child: ChildProcess, base: string) {
    this.#child = child;
    this.#base = base;
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#log += chunk;
    });
  }

  /** `targets`: host and port for each job that is to be scraped; the other jobs are left out. */
  static async start(scratch: Scratch, targets: Readonly<Record<string, string>>): Promise<Prometheus> {
    const { admin: port } = await settlePorts({ peers: 0, control: 0, metrics: 0, admin: 0 });
    const args = [
      `--config.file=${scratch.write('prometheus.yml', configFor(targets))}`,
      `--storage.tsdb.path=${scratch.path('tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const prometheus = new Prometheus(child, `http://127.0.0.1:${port}`);
    const died = new AbortController();
    child.once('exit', (code) => died.abort(new Error(`Prometheus ended with ${code}:\n${prometheus.#log}`)));
    await waitFor('Prometheus did not get ready', WAIT_MS, died.signal, () => get(`${prometheus.#base}/-/ready`));
    return prometheus;
  }

  /** The one value of an expression; undefined when it has none or several. */
  async value(expression: string): Promise<number | undefined> {
    const { result } = (await this.#ask(`/api/v1/query?query=${encodeURIComponent(expression)}`)) as {
      result: readonly { readonly value: readonly [number, string] }[];
    };
    return result.length === 1 ? Number(result[0]?.value[1]) : undefined;
  }

  /** Resolves once the expression has that value. */
  async until(expression: string, value: number): Promise<void> {
    let seen: number | undefined;
    const look = async () => {
      seen = await this.value(expression);
      return seen === value ? true : undefined;
    };
    const never = new AbortController().signal;
    await waitFor(`${expression} was not ${value}`, WAIT_MS, never, look).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}, but ${seen}`);
    });
  }

  /** Names of all metrics that it knows. */
  async names(): Promise<readonly string[]> {
    return (await this.#ask('/api/v1/label/__name__/values')) as readonly string[];
  }

  /** Each rule with what went wrong the last time; `health` is `unknown` before the first. */
  async rules(): Promise<readonly { readonly name: string; readonly health: string; readonly lastError?: string }[]> {
    const { groups } = (await this.#ask('/api/v1/rules')) as {
      groups: readonly { readonly rules: readonly { name: string; health: string; lastError?: string }[] }[];
    };
    return groups.flatMap((group) => group.rules);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }

  async #ask(path: string): Promise<unknown> {
    const response = await fetch(`${this.#base}${path}`);
    const body = (await response.json()) as {
      readonly status: string;
      readonly data: unknown;
      readonly error?: string;
    };
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`);
    return body.data;
  }
}

function configFor(targets: Readonly<Record<string, string>>): string {
  const shipped = parse(readFileSync(join(ROOT, 'observability/prometheus.yml'), 'utf8')) as {
    readonly scrape_configs: readonly ScrapeJob[];
  };
  const jobs = shipped.scrape_configs.flatMap(({ static_configs: _, dns_sd_configs: __, ...job }) => {
    const target = targets[job.job_name];
    return target === undefined ? [] : [{ ...job, static_configs: [{ targets: [target] }] }];
  });
  return stringify({
    ...shipped,
    global: { scrape_interval: EVERY, evaluation_interval: EVERY },
    rule_files: [join(ROOT, 'observability/rules/*.yml')],
    scrape_configs: jobs,
  });
}
