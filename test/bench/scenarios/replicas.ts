import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measurement } from '../../../bench/window.js';
import { startNats } from '../../support/nats.js';
import { inAllTurns, ratioOf } from '../rounds.js';
import type { FigureRow } from '../row.js';
import type { Scenario, Settings } from '../scenario.js';
import type { ServiceVariant, StagePlan } from '../stage-plan.js';
import { onStage, untraced } from '../variants.js';
import { loneLoad } from './lone.js';
import { closedJob, cpuPerMessage, ratioRow } from './relay.js';

const PAIRS = 1_000;
const ONE = 'one replica';
const TWO = 'two replicas';
const NAMES = ['replica-0', 'replica-1'] as const;
/** Cores from which on each replica has one, Envoy another, and the generator another. */
const CORES_FOR_ALL = 4;

export const replicas: Scenario = {
  name: 'replicas',
  about: `two replicas behind one Envoy, which shares meetups out between them, against one: ${PAIRS} pairs × 1 request in flight, each written by itself`,
  usual: true,
  run: async (settings) => {
    const cores = availableParallelism();
    const dir = await mkdtemp(join(tmpdir(), 'ws-replicas-'));
    const nats = await startNats();
    try {
      const fleet = NAMES.map((name, at) => replicaOf(name, at, nats.url, dir, cores));
      const plan = planFor(cores, settings);
      return await onStage(
        settings,
        fleet,
        async (stage) => {
          await Promise.all(NAMES.map((name) => stage.ready(name)));
          const job = (name: string): ReturnType<ReturnType<typeof closedJob>> => ({
            ...closedJob(stage, settings, loneLoad(PAIRS))(NAMES[0]),
            target: stage.target(name === TWO ? TWO : NAMES[0]),
            watched: name === TWO ? stage.watched(...NAMES) : stage.watched(NAMES[0]),
          });
          const data = await inAllTurns(stage, [TWO, ONE], settings.rounds, job, settings.tell);
          return { rows: rowsOf(data, cores), data: Object.fromEntries(data) };
        },
        plan,
      );
    } finally {
      await nats.remove();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

function replicaOf(name: string, at: number, nats: string, dir: string, cores: number): ServiceVariant {
  const flags = ['--replica', name, '--nats', nats, '--cluster-name', 'bench', '--hop-listen'];
  const own = cores < CORES_FOR_ALL ? {} : { core: at };
  return { ...untraced, name, flags: [...flags, `unix:${join(dir, `${name}.sock`)}`], ...own };
}

function planFor(cores: number, { layout }: Settings): Partial<StagePlan> {
  const fleets = [{ name: TWO, replicas: NAMES }];
  if (cores < CORES_FOR_ALL || layout.service === undefined) return { fleets };
  // The replicas have the first two, the generator one of the others, and Envoy a thread for each that is left.
  return { fleets, layout: { rest: `${NAMES.length}-${cores - 1}` }, workers: cores - NAMES.length - 1 };
}

function rowsOf(data: ReadonlyMap<string, readonly Measurement[]>, cores: number): FigureRow[] {
  const compared = { service: data.get(TWO) ?? [], reference: data.get(ONE) ?? [] };
  const both = (one: Measurement): number =>
    cpuPerMessage('service')(one) + (one.usage['other'] === undefined ? 0 : cpuPerMessage('other')(one));
  const rate = ({ exchanges, seconds }: Measurement): number => (2 * exchanges) / seconds;
  const hasAll = cores >= CORES_FOR_ALL;
  return [
    ratioRow(
      'messages a second, two replicas, of one',
      '/s',
      ratioOf(compared, rate),
      hasAll ? { atLeast: 1.8 } : undefined,
    ),
    ratioRow(
      'CPU a lone message, two replicas, of one',
      'µs',
      ratioOf(compared, both),
      hasAll ? undefined : { atMost: 1.05 },
    ),
  ];
}
