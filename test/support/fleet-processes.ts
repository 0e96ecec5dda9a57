import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import type { Program } from './program.js';
import type { Entrance } from './replica-client.js';
import { Scratch } from './scratch.js';
import { serve } from './serve.js';

/** Times that make a test short; each keeps the relations that the product asks for. */
const TIMES = {
  'cluster-renew': '500ms',
  'cluster-self': '3s',
  'cluster-dead': '4500ms',
  'probe-timeout': '300ms',
  'hop-dial': '1s',
  'hop-answer': '1500ms',
  placing: '3s',
};

/** `ws-proxy serve` as processes that are one fleet, without an edge before them. */
export class FleetProcesses {
  readonly #scratch = new Scratch();
  readonly #nats: string;
  readonly #all: FleetProcess[] = [];

  /** @param nats its URL */
  constructor(nats: string) {
    this.#nats = nats;
  }

  /**
   * Starts a replica, of this build or of the one whose command is `bin`; resolves once it belongs to the fleet. One of a name that was there
   * before has its addresses.
   */
  async start(name: string, flags: Readonly<Record<string, string>> = {}, bin?: string): Promise<FleetProcess> {
    const at = (kind: string): string => `unix:${this.#scratch.path(`${name}.${kind}`)}`;
    const output: string[] = [];
    const program = serve(
      {
        ...{ listen: at('edge'), 'control-listen': at('control'), 'hop-listen': at('hop'), replica: name },
        ...{ policy: 'any-verified', 'metrics-port': '0', 'log-format': 'json', nats: this.#nats },
        ...TIMES,
        ...flags,
      },
      output,
      {},
      bin,
    );
    const replica = new FleetProcess(name, program, this.#scratch.path(`${name}.edge`), output);
    this.#all.push(replica);
    await replica.ready();
    return replica;
  }

  /** Ends every process and removes their files. */
  async stop(): Promise<void> {
    for (const { program } of this.#all) program.signal('SIGCONT');
    await Promise.all(this.#all.map(({ program }) => program.stop('SIGKILL')));
    this.#scratch.remove();
  }
}

/** One of them. */
export class FleetProcess implements Entrance {
  readonly name: string;
  readonly program: Program;
  readonly socketPath: string;
  /** All that it wrote. */
  readonly output: readonly string[];
  #metricsPort = 0;

  constructor(name: string, program: Program, socketPath: string, output: readonly string[]) {
    this.name = name;
    this.program = program;
    this.socketPath = socketPath;
    this.output = output;
  }

  url(meetupId: string): string {
    return `ws+unix:${this.socketPath}:${MEETUP_PREFIX}${meetupId}`;
  }

  async ready(): Promise<void> {
    await this.logged(/"this replica belongs to the fleet"/);
    const line = await this.logged(/"message":"ready"/);
    this.#metricsPort = Number(/"metrics_port":(\d+)/.exec(line)?.[1]);
  }

  /** The first line of its log that matches, past or to come. */
  logged(pattern: RegExp): Promise<string> {
    return this.program.line('stdout', pattern);
  }

  /** Why it is not ready for newcomers; `ok` while it is. */
  async readiness(): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.#metricsPort}/readyz`);
    return (await answer.text()).trim();
  }

  /** The value of a metric with these labels as Prometheus writes them; undefined where there is none. */
  async metric(series: string): Promise<number | undefined> {
    const text = await (await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length));
  }
}
