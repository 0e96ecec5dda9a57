import { expect } from 'chai';
import { form, isWanted } from './form.js';
import { type Ground, Pool, type Unable } from './pool.js';
import { printed } from './report.js';
import type { SceneResult } from './scene.js';
import type { Stage } from './stage.js';
import type { Fault } from './table/fault.js';

/** Milliseconds for all of one form. */
const SUITE_MS = 1_200_000;
/** Listeners for the end of this process. */
const LISTENERS = 200;
/** Lines of what was wrong that are shown. */
const SHOWN = 20;

/** Names of the faults that are wanted. */
const only = new RegExp(process.env['FAULTS_ONLY'] ?? '');

/** How one row of a table went. */
type OutcomeOf<F> = SceneResult<F> | Unable<F>;

/** A suite with a test for each fault of the form that is wanted. `report` gets what was measured where nothing was wrong. */
export function describeFaults<S extends Stage & { close(): Promise<void> }, P>(
  title: string,
  faults: readonly Fault<S, P>[],
  ground: Ground<Fault<S, P>, S, SceneResult<Fault<S, P>>>,
  report: (outcomes: readonly OutcomeOf<Fault<S, P>>[]) => void,
): void {
  describe(`${title} (${form})`, function () {
    this.timeout(SUITE_MS);
    const chosen = faults.filter((fault) => isWanted(fault.form) && only.test(fault.name));
    const outcomes: OutcomeOf<Fault<S, P>>[] = [];
    let pool: Pool<Fault<S, P>, S, SceneResult<Fault<S, P>>>;
    before(() => {
      // Each part of each arena has one.
      process.setMaxListeners(LISTENERS);
      pool = new Pool(chosen, ground);
    });
    after(async () => {
      await pool.stop();
      if (process.env['FAULTS_REPORT'] === '1') report(outcomes.filter(isGood));
    });

    for (const fault of chosen) {
      it(fault.name, async function () {
        const outcome = await pool.outcomeOf(fault);
        outcomes.push(outcome);
        if ('unable' in outcome) {
          console.log(`      skipped: ${outcome.unable}`);
          return this.skip();
        }
        console.log(printed(outcome));
        expect(outcome.wrong.slice(0, SHOWN)).to.deep.equal([]);
      });
    }
  });
}

function isGood(outcome: OutcomeOf<unknown>): boolean {
  return !('unable' in outcome) && outcome.wrong.length === 0;
}
