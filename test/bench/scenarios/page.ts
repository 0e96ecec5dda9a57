import type { Measurement } from '../../../bench/window.js';
import { Model } from '../../../page/model.js';
import { FIRST } from '../../../page/view.js';
import { inAllTurns, ratioOf } from '../rounds.js';
import type { FigureRow } from '../row.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import type { ServiceVariant } from '../stage-plan.js';
import { onStage, untraced } from '../variants.js';
import { loneLoad } from './lone.js';
import { closedJob, cpuPerMessage, ratioRow } from './relay.js';

const PAIRS = 200;
/** Milliseconds between two questions of the page in a browser. */
const LOOK_MS = 1_000;

const [unseen, seen] = ['page-unseen', 'page-seen'].map(
  (name): ServiceVariant => ({ ...untraced, name, flags: ['--page', 'true'] }),
) as [ServiceVariant, ServiceVariant];

export const page: Scenario = {
  name: 'page',
  about: `what the page costs a lone message while nobody looks, and while somebody does: ${PAIRS} pairs × 1 request in flight`,
  usual: true,
  run: (settings) =>
    onStage(settings, [untraced, unseen, seen], async (stage) => {
      const viewer = look(stage, seen.name);
      try {
        const names = [untraced, unseen, seen].map(({ name }) => name);
        const job = closedJob(stage, settings, loneLoad(PAIRS));
        const data = await inAllTurns(stage, names, settings.rounds, job, settings.tell);
        const views = viewer.stop();
        if (views === 0) throw new Error('the page answered nobody');
        return {
          rows: [
            rowOf('page on and nobody looks', data, unseen.name, 1.03),
            rowOf('page on and somebody looks', data, seen.name, 1.1),
          ],
          data: { ...Object.fromEntries(data), views },
        };
      } finally {
        viewer.stop();
      }
    }),
};

function rowOf(
  what: string,
  data: ReadonlyMap<string, readonly Measurement[]>,
  name: string,
  atMost: number,
): FigureRow {
  const compared = { service: data.get(name) ?? [], reference: data.get(untraced.name) ?? [] };
  return ratioRow(`CPU a lone message, ${what}, of page off`, 'µs', ratioOf(compared, cpuPerMessage('service')), {
    atMost,
  });
}

/** Asks as the page in a browser does, each time for what is new; `stop` returns how often it was answered. */
function look(stage: Stage, name: string): { readonly stop: () => number } {
  const model = new Model();
  let answered = 0;
  const timer = setInterval(() => {
    stage.look(name, model.question(FIRST, Date.now())).then(
      (answer) => {
        model.take(answer, Date.now());
        answered += 1;
      },
      // A service that is being stopped answers nobody.
      () => {},
    );
  }, LOOK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return answered;
    },
  };
}
