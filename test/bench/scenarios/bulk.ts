import type { Job } from '../../../bench/job.js';
import { inTurns, ratioOf } from '../rounds.js';
import type { FigureRow } from '../row.js';
import type { Scenario, Settings } from '../scenario.js';
import type { Stage } from '../stage.js';
import { onStage, untraced } from '../variants.js';
import { closedJob, cpuPerExchange, type Load, NS_PER_US, ratioRow } from './relay.js';

/** Requests of 1 MiB and short answers. */
const MESSAGE = { requestBytes: 1024 * 1024, answerBytes: 0 };
/** Ten pairs that wait for each answer, as callers of a REST API do. */
const CALLS: Load = { ...MESSAGE, pairs: 10, inFlight: 1 };
/** Two pairs that do not wait: more bytes wait than the marks of the service let through at once. */
const STREAMS: Load = { ...MESSAGE, pairs: 2, inFlight: 4 };

export const bulk: Scenario = {
  name: 'bulk',
  about: 'throughput of 1 MiB messages, short answers: 10 pairs × 1 in flight, 2 pairs × 4',
  usual: true,
  run: (settings) =>
    onStage(
      settings,
      [untraced],
      async (stage) => {
        const calls = await inTurns(stage, untraced.name, settings.rounds, bulkJob(stage, settings), settings.tell);
        const streamJob = closedJob(stage, settings, STREAMS);
        const streams = await inTurns(stage, untraced.name, settings.rounds, streamJob, settings.tell);
        const rate = ({ exchanges, seconds }: { exchanges: number; seconds: number }): number => exchanges / seconds;
        const rows: FigureRow[] = [
          ratioRow('1 MiB messages, throughput', 'MiB/s', ratioOf(calls, rate), { atLeast: 1.3 }),
          ratioRow('CPU a 1 MiB message, service', 'µs', ratioOf(calls, cpuPerExchange('service', NS_PER_US))),
          ratioRow('CPU a 1 MiB message, Envoy', 'µs', ratioOf(calls, cpuPerExchange('envoy', NS_PER_US))),
          ratioRow('1 MiB messages, 2 pairs × 4 in flight', 'MiB/s', ratioOf(streams, rate)),
        ];
        return { rows, data: { calls, streams } };
      },
      // No process has a core for itself, since the throughput is that of the whole machine.
      { layout: {} },
    ),
};

/** The load of the first row. */
export function bulkJob(stage: Stage, settings: Settings): (name: string) => Job {
  return closedJob(stage, settings, CALLS);
}
