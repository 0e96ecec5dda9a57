import { inTurns, ratioOf } from '../rounds.js';
import type { Scenario } from '../scenario.js';
import { onStage, untraced } from '../variants.js';
import { closedJob, cpuPerExchange, NS_PER_US, ratioRow } from './relay.js';

const MESSAGE_BYTES = 1024 * 1024;

export const bulk: Scenario = {
  name: 'bulk',
  about: 'throughput of 1 MiB messages: 2 pairs × 4 in flight, short answers',
  usual: true,
  run: (settings) =>
    onStage(settings, [untraced], async (stage) => {
      const job = closedJob(stage, settings, { pairs: 2, inFlight: 4, requestBytes: MESSAGE_BYTES, answerBytes: 0 });
      const data = await inTurns(stage, untraced.name, settings.rounds, job, settings.tell);
      return {
        rows: [
          ratioRow(
            '1 MiB messages, throughput',
            'MiB/s',
            ratioOf(data, ({ exchanges, seconds }) => exchanges / seconds),
            {
              atLeast: 1.3,
            },
          ),
          ratioRow('CPU a 1 MiB message, service', 'µs', ratioOf(data, cpuPerExchange('service', NS_PER_US))),
          ratioRow('CPU a 1 MiB message, Envoy', 'µs', ratioOf(data, cpuPerExchange('envoy', NS_PER_US))),
        ],
        data,
      };
    }),
};
