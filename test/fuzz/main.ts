import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { campaign, type Failure, type Outcome, replay } from './campaign.js';
import { KEPT } from './corpus.js';
import { Coverage } from './coverage.js';
import type { Target } from './target.js';
import { answers, bridge } from './targets/bridge.js';
import { edge } from './targets/edge.js';
import { frames } from './targets/frames.js';
import { gateway } from './targets/gateway.js';
import { hop, hopAnswer } from './targets/hop.js';
import { parsers } from './targets/parsers.js';
import { control, page, upgrade } from './targets/service.js';

const USAGE = `Gives generated inputs to everything that reads what others write.

  npm run fuzz -- --seconds 600              all targets, in turn
  npm run fuzz -- --target path --seconds 60 one
  npm run fuzz -- --target path --replay FILE  one input once more
  npm run fuzz -- --seed 7                   another run than the last

Inputs that reach new code are kept in .fuzz/corpus, those that fail in .fuzz/failed.`;

/** Inputs of a connection take longer than those of a parser. */
function partsOf(target: Target): number {
  return parsers.includes(target) ? 1 : 3;
}

/** Seconds for all targets together, unless told otherwise. */
const DEFAULT_SECONDS = 60;

const targets: readonly Target[] = [
  ...parsers,
  frames,
  upgrade,
  hop,
  hopAnswer,
  edge,
  control,
  page,
  bridge,
  answers,
  gateway,
];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: String(DEFAULT_SECONDS) },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    target: { type: 'string', multiple: true, default: [] },
    replay: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

process.exit(values.help ? help() : await run());

function help(): number {
  console.log(USAGE);
  return 0;
}

async function run(): Promise<number> {
  const chosen = values.target.length === 0 ? targets : targets.filter(({ name }) => values.target.includes(name));
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
  if (chosen.length < Math.max(1, values.target.length) || !(seconds > 0) || !Number.isInteger(seed)) {
    console.error(`error: targets are ${targets.map(({ name }) => name).join(', ')}; --seconds and --seed are numbers`);
    return 2;
  }
  return values.replay === undefined ? campaigns(chosen, seconds, seed) : again(chosen, values.replay);
}

async function campaigns(chosen: readonly Target[], seconds: number, seed: number): Promise<number> {
  const coverage = new Coverage();
  console.log(`seed ${seed}`);
  let failed = 0;
  const parts = chosen.reduce((sum, target) => sum + partsOf(target), 0);
  for (const target of chosen) {
    const time = (seconds * 1000 * partsOf(target)) / parts;
    const outcome = await campaign(target, { time, seed, kept: KEPT }, coverage);
    console.log(line(outcome));
    if (outcome.failure !== undefined) {
      failed += 1;
      tell(target, outcome.failure);
    }
  }
  coverage.close();
  return failed === 0 ? 0 : 1;
}

async function again(chosen: readonly Target[], path: string): Promise<number> {
  const [target] = chosen;
  if (target === undefined || chosen.length !== 1) {
    console.error('error: --replay needs one --target');
    return 2;
  }
  const failure = await replay(target, readFileSync(path), KEPT);
  if (failure === undefined) console.log(`${target.name}: nothing is wrong`);
  else tell(target, failure);
  return failure === undefined ? 0 : 1;
}

function line({ target, runs, grown, failure }: Outcome): string {
  return `${target}: ${runs} inputs, ${grown} reached new code${failure === undefined ? '' : ', FAILED'}`;
}

function tell({ name }: Target, { error, input }: Failure): void {
  console.error(error instanceof Error ? error.stack : error);
  console.error(`again: npm run fuzz -- --target ${name} --replay ${input}`);
}
