import type { Measurement } from '../../../bench/window.js';
import { type Comparison, inTurns, ratioOf } from '../rounds.js';
import type { FigureRow } from '../row.js';
import type { Scenario } from '../scenario.js';
import { onStage, untraced } from '../variants.js';
import { closedJob, cpuPerMessage, type Load, ratioRow } from './relay.js';

/** Pairs that have one request each under way. */
const PAIRS = [200, 1_000] as const;

/** Many pairs with one message each under way, which its sender wrote by itself. */
export function loneLoad(pairs: number): Load {
  return { pairs, inFlight: 1, requestBytes: 200, answerBytes: 200, eachAlone: true };
}

export const lone: Scenario = {
  name: 'lone',
  about: `messages that come alone: ${PAIRS.join(' and ')} pairs × 1 request in flight, each written by itself, 200-byte bodies, tracing off`,
  usual: true,
  run: (settings) =>
    onStage(settings, [untraced], async (stage) => {
      const data = new Map<number, Comparison<Measurement>>();
      for (const pairs of PAIRS) {
        settings.tell(`${pairs} pairs`);
        const job = closedJob(stage, settings, loneLoad(pairs));
        data.set(pairs, await inTurns(stage, untraced.name, settings.rounds, job, settings.tell));
      }
      return {
        rows: [...data].flatMap(([pairs, compared]) => loneRows(pairs, compared)),
        data: Object.fromEntries(data),
      };
    }),
};

function loneRows(pairs: number, data: Comparison<Measurement>): readonly FigureRow[] {
  const service = cpuPerMessage('service');
  const envoy = cpuPerMessage('envoy');
  const of = `${pairs} pairs × 1`;
  return [
    ratioRow(`CPU a lone message, service, ${of}`, 'µs', ratioOf(data, service), { atMost: 0.65 }),
    ratioRow(
      `CPU a lone message, service + Envoy, ${of}`,
      'µs',
      ratioOf(data, (one) => service(one) + envoy(one)),
    ),
    ...(['p50', 'p99'] as const).map((percentile) =>
      ratioRow(
        `round trip ${percentile}, ${of}`,
        'µs',
        ratioOf(data, ({ latency }) => latency[percentile]),
        { atMost: 0.95 },
      ),
    ),
  ];
}
