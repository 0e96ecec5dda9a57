import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChurnResult } from '../../../bench/churn.js';
import type { Census } from '../census.js';
import { digits, type FigureRow } from '../row.js';
import type { Scenario, Settings } from '../scenario.js';
import type { Stage } from '../stage.js';
import type { ServiceVariant } from '../stage-plan.js';
import { onStage, untraced } from '../variants.js';

/** Waves of churn; between two of them everything is closed and counted. */
const WAVES = 10;
/** Waves of the warm-up, whose memory is not part of the slope. */
const WARM_UP_WAVES = 2;
const PAIRS = 60;
const LONGEST_LIFE_MS = 3_000;
/** Time for the last connections to be gone, milliseconds: close timeout and the edge's own. */
const REST_MS = 15_000;
const LOOK_MS = 500;
/** Growth of the heap for each pair that lived, bytes: less is noise of the collector, more is a leak. */
const MAX_SLOPE = 64;

/** Timeouts short enough that stuck peers are ended within a wave. */
const service: ServiceVariant = {
  ...untraced,
  name: 'soaked',
  flags: ['--ping-interval', '1s', '--ping-timeout', '2s', '--stall-timeout', '2s', '--close-timeout', '500ms'],
};

/** The census of the service when nobody is connected. */
interface Rest extends Census {
  readonly descriptors: number;
  readonly pairsSoFar: number;
}

export const soak: Scenario = {
  name: 'soak',
  about: 'churn, mixed sizes, slow and dying peers; fails on anything that is kept',
  usual: false,
  run: (settings) =>
    onStage(settings, [service], async (stage) => {
      const rests: Rest[] = [];
      const faults: string[] = [];
      let pairs = 0;
      let exchanges = 0;
      for (let wave = 1; wave <= WAVES; wave += 1) {
        settings.tell(`wave ${wave} of ${WAVES}: ${pairs} pairs lived so far`);
        const result = await churn(stage, settings);
        pairs += result.pairs;
        exchanges += result.exchanges;
        faults.push(...result.faults);
        rests.push(await atRest(stage, pairs));
      }
      return { rows: judge(rests, faults, pairs, exchanges), data: { rests, faults, pairs, exchanges } };
    }),
};

async function churn(stage: Stage, settings: Settings): Promise<ChurnResult> {
  const seconds = (settings.soakMinutes * 60) / WAVES;
  const plan = { seconds, pairs: PAIRS, longestLifeMs: LONGEST_LIFE_MS };
  return (await stage.drive({ t: 'churn', target: stage.target(service.name), plan })) as ChurnResult;
}

/** Waits for a bounded time until no peer is left, and takes a census. */
async function atRest(stage: Stage, pairsSoFar: number): Promise<Rest> {
  const until = Date.now() + REST_MS;
  for (;;) {
    const census = await stage.census(service.name);
    const descriptors = readdirSync(`/proc/${stage.pid(service.name)}/fd`).length;
    if (census.peers === 0 || Date.now() > until) return { ...census, descriptors, pairsSoFar };
    await wait(LOOK_MS);
  }
}

function judge(
  rests: readonly Rest[],
  faults: readonly string[],
  pairs: number,
  exchanges: number,
): readonly FigureRow[] {
  const [first] = rests;
  const most = (number: (rest: Rest) => number): number => Math.max(...rests.map(number));
  const grown = (number: (rest: Rest) => number): number => most(number) - (first === undefined ? 0 : number(first));
  const handles = (rest: Rest): number => Object.values(rest.resources).reduce((sum, count) => sum + count, 0);
  const slope = slopeOf(
    rests.slice(WARM_UP_WAVES).map((rest) => [rest.pairsSoFar, rest.heapBytes + rest.externalBytes]),
  );
  const lived = `${pairs} pairs lived, ${exchanges} requests were answered`;
  return [
    { what: 'soak: faults', value: faults.length, unit: '', target: { atMost: 0 }, detail: faults[0] ?? lived },
    leak(
      'soak: peers kept',
      most((rest) => rest.peers),
      `after ${WAVES} waves`,
    ),
    leak(
      'soak: sessions kept',
      most((rest) => rest.sessions),
      `after ${WAVES} waves`,
    ),
    leak(
      'soak: descriptors kept',
      grown((rest) => rest.descriptors),
      `${first?.descriptors} at rest`,
    ),
    leak('soak: timers and handles kept', grown(handles), JSON.stringify(first?.resources)),
    {
      what: 'soak: memory kept a pair',
      value: slope,
      unit: 'bytes',
      target: { atMost: MAX_SLOPE },
      detail: `slope of heap and buffers; resident ${rests.map((rest) => digits(rest.residentBytes / 2 ** 20)).join(' ')} MiB`,
    },
  ];
}

function leak(what: string, value: number, detail: string): FigureRow {
  return { what, value, unit: '', target: { atMost: 0 }, detail };
}

/** Slope of the line of least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const x = mean(0);
  const y = mean(1);
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const below = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return above / below;
}
