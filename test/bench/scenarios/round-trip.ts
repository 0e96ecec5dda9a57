import { inTurns, ratioOf } from '../rounds.js';
import type { Scenario } from '../scenario.js';
import { onStage, untraced } from '../variants.js';
import { closedJob, ratioRow } from './relay.js';

export const roundTrip: Scenario = {
  name: 'round-trip',
  about: 'time from a request to its answer: 1 pair, 1 in flight, 200-byte bodies',
  usual: true,
  run: (settings) =>
    onStage(settings, [untraced], async (stage) => {
      const job = closedJob(stage, settings, { pairs: 1, inFlight: 1, requestBytes: 200, answerBytes: 200 });
      const data = await inTurns(stage, untraced.name, settings.rounds, job, settings.tell);
      return {
        rows: [
          ratioRow(
            'round trip p50',
            'µs',
            ratioOf(data, ({ latency }) => latency.p50),
            { atMost: 0.95 },
          ),
          ratioRow(
            'round trip p99',
            'µs',
            ratioOf(data, ({ latency }) => latency.p99),
          ),
        ],
        data,
      };
    }),
};
