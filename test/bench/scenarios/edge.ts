import type { Job } from '../../../bench/job.js';
import type { Measurement } from '../../../bench/window.js';
import { inAllTurns, median } from '../rounds.js';
import { digits, type FigureRow } from '../row.js';
import type { Scenario, Settings } from '../scenario.js';
import type { Stage } from '../stage.js';
import type { EdgeVariant } from '../stage-plan.js';
import { onStage, untraced } from '../variants.js';
import { bulkJob } from './bulk.js';
import { cpuPerExchange, NS_PER_US, relayJob } from './relay.js';
import { setUpJob } from './set-up.js';

const BUFFERS = '"per_connection_buffer_limit_bytes":32768';
const CURVES = '"ecdh_curves":["X25519MLKEM768","X25519","P-256"]';
const KIB = 1024;

/** Other values for the edge's settings that were chosen by measurement. */
const buffers: readonly EdgeVariant[] = [16, 64, 256, 1024].map((kib) => ({
  name: `buffers of ${kib} KiB`,
  settings: { [BUFFERS]: `"per_connection_buffer_limit_bytes":${kib * KIB}` },
}));
const curves: readonly EdgeVariant[] = [{ name: 'P-256 alone', settings: { [CURVES]: '"ecdh_curves":["P-256"]' } }];

/** A load, and the settings of Envoy that it can compare. */
interface Trial {
  readonly what: string;
  readonly edges: readonly EdgeVariant[];
  job(stage: Stage, settings: Settings): (name: string) => Job;
}

const trials: readonly Trial[] = [
  { what: 'relay', edges: buffers, job: relayJob },
  { what: '1 MiB messages', edges: buffers, job: bulkJob },
  { what: 'set-up', edges: curves, job: setUpJob },
];

export const edge: Scenario = {
  name: 'edge',
  about: 'what other settings of Envoy would do, each against the shipped one in the same run',
  usual: false,
  run: (settings) =>
    onStage(
      settings,
      [untraced],
      async (stage) => {
        const rows: FigureRow[] = [];
        const data: Record<string, unknown> = {};
        for (const { what, edges, job } of trials) {
          const names = [untraced.name, ...edges.map(({ name }) => name)];
          const measured = await inAllTurns(stage, names, settings.rounds, job(stage, settings), settings.tell);
          rows.push(
            ...edges.map(({ name }) => rowOf(`${what}, ${name}`, measured.get(untraced.name), measured.get(name))),
          );
          data[what] = Object.fromEntries(measured);
        }
        return { rows, data };
      },
      { edges: [...buffers, ...curves], layout: {} },
    ),
};

/** Exchanges a second as a share of the shipped edge's, and the CPU time of each. */
function rowOf(what: string, shipped: readonly Measurement[] = [], other: readonly Measurement[] = []): FigureRow {
  const rate = (all: readonly Measurement[]): number =>
    median(all.map(({ exchanges, seconds }) => exchanges / seconds));
  const cpu = (all: readonly Measurement[], process: string): string =>
    digits(median(all.map(cpuPerExchange(process, NS_PER_US))));
  const detail = ['envoy', 'service']
    .map((process) => `${process} ${cpu(other, process)} against ${cpu(shipped, process)} µs`)
    .join(', ');
  return { what, value: rate(other) / rate(shipped), unit: '', detail };
}
