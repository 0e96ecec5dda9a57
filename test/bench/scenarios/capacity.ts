import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { type Costs, measuredCosts, type PartCosts } from '../../../bench/costs.js';
import type { Job } from '../../../bench/job.js';
import { type Usage, usageOfAll, usedBetween } from '../../../bench/usage.js';
import type { Measurement, ProcessIds } from '../../../bench/window.js';
import { median } from '../rounds.js';
import { digits, type FigureRow } from '../row.js';
import type { Scenario, Settings } from '../scenario.js';
import type { Stage } from '../stage.js';
import { onStage, untraced } from '../variants.js';
import { bulkJob } from './bulk.js';
import { loneLoad } from './lone.js';
import { closedJob, cpuPerExchange, cpuPerMessage, NS_PER_MS, NS_PER_US, relayJob } from './relay.js';
import { setUpJob } from './set-up.js';

const PAIRS = 200;
/** Sessions that come and go before memory is looked at. */
const PRIMING_SESSIONS = 200;
/** Time in which closed connections come to rest, milliseconds. */
const REST_MS = 3_000;
/** Two rounds of pings, milliseconds. */
const HOLD_MS = 20_000;
const KIB = 1024;
/** What a few sessions cost cannot be told from what the process does anyway. */
const LEAST_US = 0.1;
/** KiB of the long messages. */
const LONG_KIB = 1024;
const PARTS = ['service', 'envoy'] as const;

type Part = (typeof PARTS)[number];
type Memory = Pick<PartCosts, 'sessionKib' | 'baseMib' | 'idleUs'>;

export const capacity: Scenario = {
  name: 'capacity',
  about: 'what a message, a set-up and an idle session cost the service and Envoy: the figures of ws-proxy size',
  usual: false,
  run: (settings) =>
    onStage(settings, [untraced], async (stage) => {
      const memory = await idleCosts(stage, settings);
      const work = await workCosts(stage, settings);
      const of = (part: Part): PartCosts => ({ ...work[part], ...memory[part] });
      const costs: Costs = { source: machine(), service: of('service'), envoy: of('envoy') };
      return { rows: rowsOf(costs), data: costs, costs };
    }),
};

/** Memory of idle sessions, that of the service after a collection, and what they cost while they are pinged. */
async function idleCosts(stage: Stage, { idleSessions: sessions, tell }: Settings): Promise<Record<Part, Memory>> {
  const target = stage.target(untraced.name);
  const ids = stage.watched(untraced.name);
  await stage.drive({ t: 'come-and-go', target, sessions: PRIMING_SESSIONS });
  await wait(REST_MS);
  const usage = async (): Promise<Record<string, Usage>> => {
    await stage.census(untraced.name);
    return usageOfAll(ids);
  };
  const alone = await spentIn(HOLD_MS, ids);
  const before = await usage();
  tell(`${sessions} idle sessions`);
  await stage.drive({ t: 'open-idle', target, sessions });
  await wait(REST_MS);
  const held = await spentIn(HOLD_MS, ids);
  const after = await usage();
  const lost = Number(await stage.drive({ t: 'close-idle' }));
  if (lost > 0) throw new Error(`${lost} idle connections were lost`);
  await wait(REST_MS);
  const of = (part: Part): Memory => {
    const [from, to] = [before[part]?.residentBytes ?? Number.NaN, after[part]?.residentBytes ?? Number.NaN];
    const pingsNs = (held[part]?.cpuNs ?? Number.NaN) - (alone[part]?.cpuNs ?? Number.NaN);
    return {
      idleUs: Math.max(LEAST_US, rounded(pingsNs / NS_PER_US / sessions / (HOLD_MS / 1000))),
      sessionKib: rounded((to - from) / sessions / KIB),
      baseMib: rounded(from / KIB / KIB),
    };
  };
  return { service: of('service'), envoy: of('envoy') };
}

/** Use of the processes while so much time passes. */
async function spentIn(ms: number, ids: ProcessIds): Promise<Record<string, Usage>> {
  const start = usageOfAll(ids);
  await wait(ms);
  return usedBetween(start, usageOfAll(ids));
}

/** CPU of messages and set-ups. */
async function workCosts(stage: Stage, settings: Settings): Promise<Record<Part, Omit<PartCosts, keyof Memory>>> {
  const rounds = async (what: string, job: (name: string) => Job): Promise<readonly Measurement[]> => {
    const all: Measurement[] = [];
    for (let round = 0; round < settings.rounds; round += 1) {
      settings.tell(`${what}, round ${round + 1} of ${settings.rounds}`);
      all.push(await stage.run(job(untraced.name)));
    }
    return all;
  };
  const setUps = await rounds('set-ups', setUpJob(stage, settings));
  const alone = await rounds('lone messages', closedJob(stage, settings, loneLoad(PAIRS)));
  const bunches = await rounds('messages in bunches', relayJob(stage, settings));
  const long = await rounds('messages of 1 MiB', bulkJob(stage, settings));
  const middle = (all: readonly Measurement[], number: (one: Measurement) => number): number =>
    rounded(median(all.map(number)));
  const of = (part: Part): Omit<PartCosts, keyof Memory> => {
    const message = median(alone.map(cpuPerMessage(part)));
    return {
      messageUs: rounded(message),
      bunchedMessageUs: middle(bunches, cpuPerMessage(part)),
      // An exchange is a long request and a short answer.
      kibUs: middle(long, (one) => (cpuPerExchange(part, NS_PER_US)(one) - 2 * message) / LONG_KIB),
      setUpMs: middle(setUps, cpuPerExchange(part, NS_PER_MS)),
    };
  };
  return { service: of('service'), envoy: of('envoy') };
}

function machine(): string {
  const [first] = cpus();
  const [line] = process.versions.node.split('.');
  return `a machine with ${cpus().length} cores (${first?.model ?? 'unknown'}), Node.js ${line}`;
}

/** What each figure is, and its unit. */
const NAMES: Readonly<Record<keyof PartCosts, readonly [what: string, unit: string]>> = {
  messageUs: ['CPU of a lone message', 'µs'],
  bunchedMessageUs: ['CPU of a message in a bunch', 'µs'],
  kibUs: ['CPU of a further KiB of body', 'µs'],
  setUpMs: ['CPU of a set-up', 'ms'],
  idleUs: ['CPU of an idle session a second', 'µs'],
  sessionKib: ['memory of an idle session', 'KiB'],
  baseMib: ['memory before the first session', 'MiB'],
};

function rowsOf(costs: Costs): FigureRow[] {
  return (Object.keys(NAMES) as (keyof PartCosts)[]).flatMap((key) => {
    const [what, unit] = NAMES[key];
    return PARTS.map((part) => ({
      what: `${what}, ${part}`,
      value: costs[part][key],
      unit,
      detail: `ws-proxy size computes with ${digits(measuredCosts[part][key])} ${unit}`,
    }));
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
