import { inTurns, ratioOf } from '../rounds.js';
import { type Scenario, warmUpOf } from '../scenario.js';
import { onStage, untraced } from '../variants.js';
import { cpuPerExchange, ratioRow } from './relay.js';

const AT_ONCE = 8;
const NS_PER_MS = 1_000_000;

export const setUp: Scenario = {
  name: 'set-up',
  about: 'sessions a second: TLS with client certificates, upgrade, HELLO and pair on both sides',
  usual: true,
  run: (settings) =>
    onStage(settings, [untraced], async (stage) => {
      const data = await inTurns(
        stage,
        untraced.name,
        settings.rounds,
        (name) => ({
          t: 'set-up',
          target: stage.target(name),
          watched: stage.watched(name),
          plan: { atOnce: AT_ONCE, warmUpMs: warmUpOf(settings), measureMs: settings.measureMs },
        }),
        settings.tell,
      );
      return {
        rows: [
          ratioRow(
            'sessions set up a second',
            '/s',
            ratioOf(data, ({ exchanges, seconds }) => exchanges / seconds),
            {
              atLeast: 0.95,
            },
          ),
          ratioRow('CPU a session set up, service', 'ms', ratioOf(data, cpuPerExchange('service', NS_PER_MS))),
        ],
        data,
      };
    }),
};
