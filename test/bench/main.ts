import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Costs } from '../../bench/costs.js';
import { count } from '../../proxy/values/argument.js';
import { type Report, save, table } from './report.js';
import { type FigureRow, isMet } from './row.js';
import type { Curve, Scenario, Settings } from './scenario.js';
import { scenarios, targets } from './scenarios/all.js';
import type { Layout } from './stage-plan.js';

const RESULTS = '.bench';
/** Above this load other work on the machine distorts the figures. */
const BUSY_LOAD = 1;
/** What `--short` stands for. */
const SHORT = { rounds: 3, seconds: 2, idleSessions: 2_000 };
/** What `--quick` stands for. */
const QUICK = {
  rounds: 2,
  measureMs: 1_000,
  soakMinutes: 1,
  idleSessions: 500,
  crowdPairs: 250,
  heldClaims: 10_000,
  rivalPairs: 100,
  stuckSeconds: 5,
};

const names = scenarios.map(({ name }) => name).join(', ');
const program = new Command('npm run bench --')
  .description('Measures the service against a plain ws relay behind the same Envoy; see test/bench/README.md.')
  .argument(
    '[scenario...]',
    `of ${names}; targets: those of ${targets.map(({ name }) => name).join(', ')}; all but capacity, deflate, edge, rivals and soak when none is named`,
  )
  .option('--rounds <n>', 'rounds of each side', count(), 5)
  .option('--seconds <s>', 'measured time of one round', count(), 3)
  .option('--workers <n>', 'worker threads of Envoy', count(), 1)
  .option('--idle-sessions <n>', 'sessions of the idle scenario', count(), 4_500)
  .option('--crowd-pairs <n>', 'pairs that come and go at once', count(), 2_500)
  .option(
    '--before <folder>',
    'another built checkout, with which relay, storm and drain compare this one',
    builtCheckout,
  )
  .option('--held-claims <n>', 'claims that stay in NATS in the scenario fleet', count(), 100_000)
  .option('--rival-pairs <n>', 'pairs of the scenario rivals', count({ min: 2 }), 1_000)
  .option(
    '--original <dir>',
    'a checkout of the Micronets proxy for the scenario rivals, which leaves it out without one',
  )
  .option(
    '--original-python <file>',
    'a Python that has what the checkout needs; its own virtualenv/bin/python when none is named',
  )
  .option('--stuck-seconds <s>', 'time for which a reader is stuck', count(), 30)
  .option('--minutes <m>', 'length of the soak', count(), 10)
  .option('--short', 'three rounds of two seconds, and 2,000 idle sessions')
  .option('--no-pin', 'leave processes to the scheduler')
  .option('--quick', 'two short rounds of everything: to see that it runs')
  .action(run);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

try {
  await program.parseAsync();
} catch (error) {
  progress(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly workers: number;
  readonly idleSessions: number;
  readonly crowdPairs: number;
  readonly before?: string;
  readonly heldClaims: number;
  readonly rivalPairs: number;
  readonly original?: string;
  readonly originalPython?: string;
  readonly stuckSeconds: number;
  readonly minutes: number;
  readonly short?: true;
  readonly pin: boolean;
  readonly quick?: true;
}

async function run(asked: readonly string[], options: Options): Promise<void> {
  const chosen = choose(asked);
  const [load = 0] = loadavg();
  if (load > BUSY_LOAD) progress(`the load is ${load.toFixed(1)}: something else is at work here, figures will be off`);
  const rows: FigureRow[] = [];
  const data: Record<string, unknown> = {};
  const curves: Curve[] = [];
  const documents: Record<string, string> = {};
  let costs: Costs | undefined;
  for (const scenario of chosen) {
    progress(`${scenario.name}: ${scenario.about}`);
    const found = await scenario.run(settingsOf(options, (text) => progress(`  ${text}`)));
    rows.push(...found.rows);
    curves.push(...(found.curves ?? []));
    data[scenario.name] = found.data;
    if (found.document !== undefined) documents[scenario.name] = found.document;
    costs = found.costs ?? costs;
  }
  await finish({ rows, data, curves, documents, ...(costs === undefined ? {} : { costs }) });
}

async function finish(report: Report): Promise<void> {
  const parts = [...(report.rows.length === 0 ? [] : [table(report.rows)]), ...Object.values(report.documents)];
  for (const part of parts) console.log(`\n${part}\n`);
  for (const file of await save(RESULTS, report)) console.log(`wrote ${file}`);
  process.exitCode = report.rows.some((row) => isMet(row) === false) ? 1 : 0;
}

function choose(asked: readonly string[]): readonly Scenario[] {
  if (asked.length === 0) return scenarios.filter(({ usual }) => usual);
  const named = (name: string): Scenario =>
    scenarios.find((one) => one.name === name) ??
    program.error(`error: there is no scenario ${name}; there are ${names}`);
  return asked.flatMap((name) => (name === 'targets' ? targets : named(name)));
}

function settingsOf(options: Options, tell: (text: string) => void): Settings {
  return {
    ...amountsOf(options),
    workers: options.workers,
    layout: options.pin ? layout() : {},
    ...(options.before === undefined ? {} : { before: options.before }),
    ...(options.original === undefined
      ? {}
      : { original: { checkout: options.original, python: options.originalPython } }),
    stop: stop.signal,
    tell,
  };
}

/** How much is measured, and for how long. */
function amountsOf(options: Options) {
  if (options.quick === true) return QUICK;
  const { rounds, seconds, idleSessions } = options.short === true ? { ...options, ...SHORT } : options;
  const { minutes: soakMinutes, crowdPairs, heldClaims, rivalPairs, stuckSeconds } = options;
  return {
    rounds,
    measureMs: seconds * 1000,
    soakMinutes,
    idleSessions,
    crowdPairs,
    heldClaims,
    rivalPairs,
    stuckSeconds,
  };
}

/** The measured process gets a core for itself; Envoy and the load share the next. */
function layout(): Layout {
  if (availableParallelism() < 2 || spawnSync('taskset', ['-c', '0', 'true']).status !== 0) return {};
  return { service: 0, rest: 1 };
}

/** The folder, whole. */
function builtCheckout(text: string): string {
  const folder = resolve(text);
  const isBuilt = ['bin/ws-proxy.js', 'dist/cli/main.js'].every((file) => existsSync(join(folder, file)));
  if (isBuilt) return folder;
  throw new InvalidArgumentError(
    'There is no checkout that is built: run "npm install --no-save && npm run build" there.',
  );
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
