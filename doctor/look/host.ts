import type { Config } from '../../proxy/config/options.js';
import { type EnvoyLimits, readEnvoyLimits } from './envoy-limits.js';
import { processAt } from './listening-process.js';
import { once } from './once.js';
import { type Page, readPage } from './page-read.js';
import type { Failed } from './way.js';

/** This machine, where the proxy runs. */
export interface HostPlan {
  /** The options of the service; or why they cannot be read. */
  readonly config: Config | { readonly fault: string };
  /** The source of the options, in words. */
  readonly configFrom: string;
  /** Connections that were asked for, before the system's limits; 0 where nobody asked, as at a desk. */
  readonly maxConnections: number;
  readonly metrics: URL;
  readonly admin: URL;
  /** Folders of log files. */
  readonly logs: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Longest wait for each look, milliseconds. */
  readonly timeout: number;
}

/** The looks at this machine, each taken once. */
export class Host {
  readonly plan: HostPlan;

  constructor(plan: HostPlan) {
    this.plan = plan;
  }

  readonly ready = once(
    (): Promise<Page | Failed> => readPage(new URL('/readyz', this.plan.metrics), this.plan.timeout),
  );

  readonly metrics = once(async (): Promise<ReadonlyMap<string, number> | Failed> => {
    const page = await readPage(new URL('/metrics', this.plan.metrics), this.plan.timeout);
    return page.t === 'failed' ? page : samplesIn(page.body);
  });

  readonly envoy = once((): Promise<Page | Failed> => this.#ofEnvoy('/ready'));
  readonly envoyInfo = once((): Promise<Page | Failed> => this.#ofEnvoy('/server_info'));
  readonly envoyCertificates = once((): Promise<Page | Failed> => this.#ofEnvoy('/certs'));

  /** The limits in Envoy's configuration and of its process. */
  readonly envoyLimits = once(async (): Promise<EnvoyLimits | Failed> => {
    const page = await this.envoyInfo();
    if (page.t === 'failed') return page;
    const [, bootstrap = ''] = /"config_path":\s*"([^"]*)"/.exec(page.body) ?? [];
    const limits = await readEnvoyLimits(bootstrap);
    return 't' in limits ? limits : { ...limits, ...(await processAt(Number(this.plan.admin.port))) };
  });

  #ofEnvoy(path: string): Promise<Page | Failed> {
    return readPage(new URL(path, this.plan.admin), this.plan.timeout);
  }
}

/** Samples of a page in Prometheus' text form by their name and labels as they are written. */
export function samplesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}
