import type { Job } from '../../../bench/job.js';
import { inTurns, ratioOf } from '../rounds.js';
import { type Scenario, type Settings, warmUpOf } from '../scenario.js';
import type { Stage } from '../stage.js';
import { onStage, untraced } from '../variants.js';
import { cpuPerExchange, NS_PER_MS, ratioRow } from './relay.js';

const AT_ONCE = 8;

/** Sets up sessions one after the other, a few at a time. */
export function setUpJob(stage: Stage, settings: Settings): (name: string) => Job {
  return (name) => ({
    t: 'set-up',
    target: stage.target(name),
    watched: stage.watched(name),
    plan: { atOnce: AT_ONCE, warmUpMs: warmUpOf(settings), measureMs: settings.measureMs },
  });
}

export const setUp: Scenario = {
  name: 'set-up',
  about: 'sessions a second: TLS with client certificates, upgrade, HELLO and pair on both sides',
  usual: true,
  run: (settings) =>
    onStage(settings, [untraced], async (stage) => {
      const data = await inTurns(stage, untraced.name, settings.rounds, setUpJob(stage, settings), settings.tell);
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
          ratioRow('CPU a session set up, service', 'ms', ratioOf(data, cpuPerExchange('service', NS_PER_MS)), {
            atMost: 1.2,
          }),
        ],
        data,
      };
    }),
};
