import { expect } from 'chai';
import {
  type FaultTable,
  fixedCells,
  fleetTables,
  rowsIn,
  serviceTables,
  startedTables,
  withFaults,
} from '../../faults/documents.js';
import { allStarted } from '../../faults/fleet/started/faults-of-started.js';
import { faultsOfFleet } from '../../faults/fleet/table/faults-of-fleet.js';
import { violationKinds } from '../../faults/judge/checker.js';
import type { Fault } from '../../faults/table/fault.js';
import { faults } from '../../faults/table/table.js';
import { textOf } from '../../support/sources.js';

type Row = Pick<Fault, 'name' | 'bounds' | 'allowed' | 'everyMs'>;

const TABLES: readonly (readonly [FaultTable, readonly Row[]])[] = [
  ...serviceTables.map((table) => [table, faults] as const),
  ...fleetTables.map((table) => [table, faultsOfFleet] as const),
  ...startedTables.map((table) => [table, allStarted] as const),
];

describe('the tables of faults in documents', () => {
  for (const [table, all] of TABLES) {
    const { path, of } = table;
    it(`${path} has the rows of the table of ${of}, with its bounds`, () => {
      const rows = rowsIn(table, textOf(path));
      expect(rows.map(([name]) => name)).to.deep.equal(all.map(({ name }) => name));
      for (const [at, fault] of all.entries()) {
        for (const [place, cell] of fixedCells(table, fault)) expect(rows[at]?.[place], fault.name).to.equal(cell);
      }
    });

    it(`${path} without its marks of ${of} is refused, not overwritten`, () => {
      expect(() => withFaults(table, '', [], all)).to.throw(/marks/);
    });

    it(`${path} gets the rows of ${of} that were measured, and keeps the others as they were`, () => {
      const text = textOf(path);
      const [played, ...others] = all;
      if (played === undefined) throw new Error('there is no fault');
      expect(rowsIn(table, withFaults(table, text, [], all))).to.deep.equal(rowsIn(table, text));
      const times = { count: 3, median: 1_000, worst: 2_000 };
      const calls = { made: 1_234, ended: 5, endedOfPatient: 0, longest: 9, p99: { before: 1, phases: {} } };
      const measured = { seen: { odd: 7 }, recovery: times, told: times, calls, messages: 8, pairs: 3 };
      const outcome = { fault: played, measured, notes: [], wrong: [], late: [] };
      const after = rowsIn(table, withFaults(table, text, [outcome], all));
      expect(after[0]?.join()).to.contain('odd').and.contain('1.0 / 2.0 s');
      expect(after.slice(1)).to.deep.equal(rowsIn(table, text).slice(1));
      expect(rowsIn(table, withFaults(table, text, [], others)).map(([name]) => name)).to.deep.equal(
        others.map(({ name }) => name),
      );
      const fresh = { ...played, name: 'a new one' };
      expect(rowsIn(table, withFaults(table, text, [], [fresh]))[0]?.join()).to.contain('not measured yet');
    });
  }

  it('docs/faults.md says what each kind of wrong is', () => {
    const text = textOf('docs/faults.md');
    for (const [kind, words] of Object.entries(violationKinds))
      expect(text).to.include(`\n| \`${kind}\` | ${words} |\n`);
  });

  it('has no name twice, and nothing in a name that breaks a table', () => {
    for (const all of [faults, faultsOfFleet, allStarted]) {
      const names = all.map(({ name }) => name);
      expect(new Set(names).size).to.equal(names.length);
      expect(names.filter((name) => name.includes('|'))).to.deep.equal([]);
    }
  });

  it('lets no call be without an answer where peers may see nothing', () => {
    const all: readonly Row[] = [...faults, ...faultsOfFleet, ...allStarted];
    const quiet = all.filter(({ allowed, everyMs }) => allowed.length === 0 && everyMs !== 0);
    expect(quiet.filter(({ bounds }) => bounds.callsEnded !== 0).map(({ name }) => name)).to.deep.equal([]);
  });
});
