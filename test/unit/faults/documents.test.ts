import { expect } from 'chai';
import { faultDocuments, fixedCells, rowsIn, withFaults } from '../../faults/documents.js';
import { violationKinds } from '../../faults/judge/checker.js';
import { faults } from '../../faults/table/table.js';
import { textOf } from '../../support/sources.js';

describe('the tables of faults in documents', () => {
  for (const path of Object.keys(faultDocuments)) {
    it(`${path} has the rows of the table of faults, with its bounds`, () => {
      const rows = rowsIn(path, textOf(path));
      expect(rows.map(([name]) => name)).to.deep.equal(faults.map(({ name }) => name));
      for (const [at, fault] of faults.entries()) {
        for (const [place, cell] of fixedCells(path, fault)) expect(rows[at]?.[place], fault.name).to.equal(cell);
      }
    });

    it(`${path} without its marks is refused, not overwritten`, () => {
      expect(() => withFaults(path, '', [], faults)).to.throw(/marks/);
    });

    it(`${path} gets the rows that were measured, and keeps the others as they were`, () => {
      const text = textOf(path);
      const [played, ...others] = faults;
      if (played === undefined) throw new Error('there is no fault');
      expect(rowsIn(path, withFaults(path, text, [], faults))).to.deep.equal(rowsIn(path, text));
      const times = { count: 3, median: 1_000, worst: 2_000 };
      const calls = { made: 1_234, ended: 5, endedOfPatient: 0, longest: 9, p99: { before: 1, phases: {} } };
      const measured = { seen: { odd: 7 }, recovery: times, told: times, calls, messages: 8, pairs: 3 };
      const outcome = { fault: played, measured, notes: [], wrong: [], late: [] };
      const after = rowsIn(path, withFaults(path, text, [outcome], faults));
      expect(after[0]?.join()).to.contain('odd').and.contain('1.0 / 2.0 s');
      expect(after.slice(1)).to.deep.equal(rowsIn(path, text).slice(1));
      expect(rowsIn(path, withFaults(path, text, [], others)).map(([name]) => name)).to.deep.equal(
        others.map(({ name }) => name),
      );
      const fresh = { ...played, name: 'a new one' };
      expect(rowsIn(path, withFaults(path, text, [], [fresh]))[0]?.join()).to.contain('not measured yet');
    });
  }

  it('docs/faults.md says what each kind of wrong is', () => {
    const text = textOf('docs/faults.md');
    for (const [kind, words] of Object.entries(violationKinds))
      expect(text).to.include(`\n| \`${kind}\` | ${words} |\n`);
  });

  it('has no name twice, and nothing in a name that breaks a table', () => {
    const names = faults.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names.filter((name) => name.includes('|'))).to.deep.equal([]);
  });

  it('lets no call be without an answer where peers may see nothing', () => {
    const quiet = faults.filter(({ allowed, everyMs }) => allowed.length === 0 && everyMs !== 0);
    expect(quiet.filter(({ bounds }) => bounds.callsEnded !== 0).map(({ name }) => name)).to.deep.equal([]);
  });
});
