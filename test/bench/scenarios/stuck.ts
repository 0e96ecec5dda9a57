import { setTimeout as wait } from 'node:timers/promises';
import type { StuckReaderResult } from '../../../bench/stuck-reader.js';
import type { Census } from '../census.js';
import { digits, type Row } from '../row.js';
import { type Scenario, warmUpOf } from '../scenario.js';
import type { ServiceVariant, Stage } from '../stage.js';
import { onStage, untraced } from '../variants.js';

const MIB = 1024 * 1024;
/** `--high-mark` of the service in this scenario, bytes: its bound on what waits for one peer. */
const HIGH_MARK = 32 * MIB;
/** Body of what the flooding peer sends, bytes. */
const FLOOD_BYTES = 64 * 1024;
/** Requests a second of the neighbours. */
const NEIGHBOUR_RATE = 1_000;

/** The stall timeout would end the stuck peer, which is the end of the story in life and of the measurement here. */
const patient: ServiceVariant = {
  ...untraced,
  name: 'patient',
  flags: ['--stall-timeout', '10m', '--high-mark', `${HIGH_MARK / MIB}MiB`, '--low-mark', '4MiB'],
};

export const stuck: Scenario = {
  name: 'stuck',
  about: 'one peer stops reading while the other sends at full speed; a neighbour pair beside it',
  usual: true,
  run: (settings) =>
    onStage(settings, [patient], async (stage) => {
      settings.tell(`neighbours alone, then beside a stuck reader, ${settings.stuckSeconds} s each`);
      const neighbours = {
        pairs: 1,
        rate: NEIGHBOUR_RATE,
        requestBytes: 200,
        answerBytes: 200,
        warmUpMs: warmUpOf(settings),
        measureMs: settings.stuckSeconds * 1000,
      };
      const target = stage.target(patient.name);
      const plan = { floodBytes: FLOOD_BYTES, service: stage.pid(patient.name), neighbours };
      const running = stage.run({ t: 'stuck', target, plan });
      const [result, before, during] = await Promise.all([
        running,
        censusAfter(stage, neighbours.measureMs * LATE),
        censusAfter(stage, neighbours.warmUpMs + neighbours.measureMs * (1 + LATE)),
      ]);
      return { rows: judge(result, heldBy(during) - heldBy(before)), data: { ...result, before, during } };
    }),
};

/** Part of a time after which it is looked at: late, and before its end. */
const LATE = 0.9;

async function censusAfter(stage: Stage, ms: number): Promise<Census> {
  await wait(ms);
  return stage.census(patient.name);
}

function heldBy({ heapBytes, externalBytes }: Census): number {
  return heapBytes + externalBytes;
}

function judge(result: StuckReaderResult, held: number): readonly Row[] {
  const { alone, beside, residentBefore, residentMost, taken } = result;
  const mib = (bytes: number): string => digits(bytes / MIB);
  return [
    {
      what: 'memory held for one stuck reader, of the bound',
      value: held / HIGH_MARK,
      unit: '',
      target: { atMost: 1.1 },
      detail: `${mib(held)} of ${mib(HIGH_MARK)} MiB, after a collection; ${mib(taken)} MiB taken from the sender`,
    },
    {
      what: 'resident memory grew at most, of the bound',
      value: (residentMost - residentBefore) / HIGH_MARK,
      unit: '',
      detail: `${mib(residentMost - residentBefore)} MiB, garbage that was not collected yet included`,
    },
    {
      what: 'neighbour p99 beside it, of its own alone',
      value: beside.latency.p99 / alone.latency.p99,
      unit: '',
      target: { atMost: 1.2 },
      detail: `${digits(beside.latency.p99)} against ${digits(alone.latency.p99)} µs`,
    },
  ];
}
