import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/sources.js';
import type { Arena } from './arena/arena.js';
import { faultDocuments, withFaults } from './documents.js';
import { form, isWanted } from './form.js';
import { Pool } from './pool.js';
import { printed } from './report.js';
import { ground, type Outcome, type SceneResult } from './scene.js';
import type { Fault } from './table/fault.js';
import { faults } from './table/table.js';

/** Milliseconds for all of one form. */
const SUITE_MS = 1_200_000;
/** Listeners for the end of this process. */
const LISTENERS = 100;
/** Lines of what was wrong that are shown. */
const SHOWN = 20;

/** Names of the faults that are wanted. */
const only = new RegExp(process.env['FAULTS_ONLY'] ?? '');

describe(`faults (${form})`, function () {
  this.timeout(SUITE_MS);
  const chosen = faults.filter((fault) => isWanted(fault.form) && only.test(fault.name));
  const outcomes: Outcome[] = [];
  let pool: Pool<Fault, Arena, SceneResult>;
  before(() => {
    // Each part of each arena has one.
    process.setMaxListeners(LISTENERS);
    pool = new Pool(chosen, ground);
  });
  after(async () => {
    await pool.stop();
    if (process.env['FAULTS_REPORT'] === '1' && outcomes.length === faults.length && outcomes.every(isGood))
      writeTables(outcomes);
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

function writeTables(outcomes: readonly Outcome[]): void {
  for (const path of Object.keys(faultDocuments)) {
    const file = join(ROOT, path);
    writeFileSync(file, withFaults(path, readFileSync(file, 'utf8'), outcomes));
  }
}

function isGood(outcome: Outcome): boolean {
  return 'unable' in outcome || outcome.wrong.length === 0;
}
