import type { Job } from '../../../bench/job.js';
import type { FloodResult } from '../../../bench/stuck-reader.js';
import type { Measurement } from '../../../bench/window.js';
import type { Census } from '../census.js';
import { digits, type FigureRow } from '../row.js';
import { type Scenario, warmUpOf } from '../scenario.js';
import type { ServiceVariant } from '../stage-plan.js';
import { onStage, untraced } from '../variants.js';

const MIB = 1024 * 1024;
/** `--high-mark` of the service in this scenario: bytes that may wait for one peer. */
const HIGH_MARK = 32 * MIB;
/** Body of a message of the flooding peer, bytes. */
const FLOOD_BYTES = 64 * 1024;
/** Load before the timed part, milliseconds. */
const WARM_MS = 5_000;
/** Requests a second of the neighbours. */
const NEIGHBOUR_RATE = 1_000;

/** In production the stall timeout or a missing pong ends a stuck peer; here that would end the measurement. */
const patient: ServiceVariant = {
  ...untraced,
  name: 'patient',
  flags: [
    ...['--stall-timeout', '10m', '--ping-interval', '10m', '--ping-timeout', '10m'],
    ...['--high-mark', `${HIGH_MARK / MIB}MiB`, '--low-mark', '4MiB'],
  ],
};

export const stuck: Scenario = {
  name: 'stuck',
  about: 'one peer stops reading while the other sends at full speed; a neighbour pair beside it',
  usual: true,
  run: (settings) =>
    onStage(settings, [patient], async (stage) => {
      const target = stage.target(patient.name);
      const neighbours: Job = {
        t: 'open',
        target,
        watched: {},
        plan: {
          pairs: 1,
          rate: NEIGHBOUR_RATE,
          requestBytes: 200,
          answerBytes: 200,
          warmUpMs: warmUpOf(settings),
          measureMs: settings.stuckSeconds * 1000,
        },
      };
      settings.tell(`neighbours alone, then beside a stuck reader, ${settings.stuckSeconds} s each`);
      // Both parts are timed on a warm service right after a full collection.
      await stage.run({ ...neighbours, plan: { ...neighbours.plan, measureMs: WARM_MS } });
      await stage.census(patient.name);
      const alone = await stage.run(neighbours);
      const before = await stage.census(patient.name);
      await stage.drive({ t: 'open-flood', target, floodBytes: FLOOD_BYTES, service: stage.pid(patient.name) });
      const beside = await stage.run(neighbours);
      // A census collects all garbage, which would slow the neighbours down, so none is taken while they are timed.
      const during = await stage.census(patient.name);
      const flooded = (await stage.drive({ t: 'close-flood' })) as FloodResult;
      const held = heldBy(during) - heldBy(before);
      return {
        rows: [...memoryRows(flooded, held), neighbourRow(alone, beside)],
        data: { alone, beside, before, during, flooded },
      };
    }),
};

function heldBy({ heapBytes, externalBytes }: Census): number {
  return heapBytes + externalBytes;
}

function memoryRows({ residentBefore, residentMost, taken }: FloodResult, held: number): readonly FigureRow[] {
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
  ];
}

function neighbourRow({ latency: alone }: Measurement, { latency: beside }: Measurement): FigureRow {
  return {
    what: 'neighbour p99 beside it, of its own alone',
    value: beside.p99 / alone.p99,
    unit: '',
    target: { atMost: 1.2 },
    detail: `${digits(beside.p99)} against ${digits(alone.p99)} µs`,
  };
}
