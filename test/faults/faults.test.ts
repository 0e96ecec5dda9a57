import { expect } from 'chai';
import { Pool } from './pool.js';
import { printed } from './report.js';
import type { SceneResult } from './scene.js';
import { faults } from './table.js';

/** Milliseconds for all of one form. */
const SUITE_MS = 1_200_000;
/** Lines of what was wrong that are shown. */
const SHOWN = 20;

/** `short`: what `npm test` has; `long`: the rest; `all`. */
const form = process.env['FAULTS_FORM'] ?? 'short';
const only = new RegExp(process.env['FAULTS_ONLY'] ?? '');

describe(`faults (${form})`, function () {
  this.timeout(SUITE_MS);
  const chosen = faults.filter((fault) => (form === 'all' || fault.form === form) && only.test(fault.name));
  const played: SceneResult[] = [];
  let pool: Pool;
  before(() => {
    pool = new Pool(chosen);
  });
  after(() => pool.stop());

  for (const fault of chosen) {
    it(fault.name, async function () {
      const outcome = await pool.outcomeOf(fault);
      if ('unable' in outcome) {
        console.log(`      skipped: ${outcome.unable}`);
        return this.skip();
      }
      played.push(outcome);
      console.log(printed(outcome));
      expect(outcome.wrong.slice(0, SHOWN)).to.deep.equal([]);
    });
  }
});
