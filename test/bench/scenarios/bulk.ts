import { inTurns, ratioOf } from '../rounds.js';
import { type Scenario, warmUpOf } from '../scenario.js';
import { onStage, untraced } from '../variants.js';
import { ratioRow } from './relay.js';

const MESSAGE_BYTES = 1024 * 1024;

export const bulk: Scenario = {
  name: 'bulk',
  about: 'throughput of 1 MiB messages: 2 pairs × 4 in flight, short answers',
  usual: true,
  run: (settings) =>
    onStage(settings, [untraced], async (stage) => {
      const data = await inTurns(
        stage,
        untraced.name,
        settings.rounds,
        (name) => ({
          t: 'closed',
          target: stage.target(name),
          watched: stage.watched(name),
          plan: {
            pairs: 2,
            inFlight: 4,
            requestBytes: MESSAGE_BYTES,
            answerBytes: 0,
            warmUpMs: warmUpOf(settings),
            measureMs: settings.measureMs,
          },
        }),
        settings.tell,
      );
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
          ratioRow('CPU a 1 MiB message, service', 'µs', ratioOf(data, cpuOf('service'))),
          ratioRow('CPU a 1 MiB message, Envoy', 'µs', ratioOf(data, cpuOf('envoy'))),
        ],
        data,
      };
    }),
};

function cpuOf(
  process: string,
): (measured: {
  readonly usage: Readonly<Record<string, { readonly cpuNs: number }>>;
  readonly exchanges: number;
}) => number {
  return ({ usage, exchanges }) => (usage[process]?.cpuNs ?? Number.NaN) / exchanges / 1000;
}
