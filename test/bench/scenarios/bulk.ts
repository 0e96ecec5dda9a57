import type { Job } from '../../../bench/job.js';
import { inTurns, ratioOf } from '../rounds.js';
import type { Findings, Scenario, Settings } from '../scenario.js';
import type { Stage } from '../stage.js';
import { onStage, untraced } from '../variants.js';
import { closedJob, cpuPerExchange, NS_PER_US, ratioRow } from './relay.js';

const MESSAGE_BYTES = 1024 * 1024;

export const bulk: Scenario = {
  name: 'bulk',
  about: 'throughput of 1 MiB messages: 2 pairs × 4 in flight, short answers',
  usual: true,
  // No process has a core for itself: what its core left undone another could have done, and throughput is the whole machine's.
  run: (settings) => onStage(settings, [untraced], (stage) => measure(stage, settings), { layout: {} }),
};

/** 2 pairs × 4 requests of 1 MiB in flight, short answers. */
export function bulkJob(stage: Stage, settings: Settings): (name: string) => Job {
  return closedJob(stage, settings, { pairs: 2, inFlight: 4, requestBytes: MESSAGE_BYTES, answerBytes: 0 });
}

async function measure(stage: Stage, settings: Settings): Promise<Findings> {
  const job = bulkJob(stage, settings);
  const data = await inTurns(stage, untraced.name, settings.rounds, job, settings.tell);
  const throughput = ratioOf(data, ({ exchanges, seconds }) => exchanges / seconds);
  return {
    rows: [
      ratioRow('1 MiB messages, throughput', 'MiB/s', throughput, { atLeast: 1.3 }),
      ratioRow('CPU a 1 MiB message, service', 'µs', ratioOf(data, cpuPerExchange('service', NS_PER_US))),
      ratioRow('CPU a 1 MiB message, Envoy', 'µs', ratioOf(data, cpuPerExchange('envoy', NS_PER_US))),
    ],
    data,
  };
}
