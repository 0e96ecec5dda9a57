import { expect } from 'chai';
import { isThere, textOf } from '../support/sources.js';

/** A row: a promise, and the file and the title of the test that holds it. */
const ROW = /^\| (.+?) \| \[`([^`]+)`\]\(([^)]+)\): (.+) \|$/gm;

describe('SECURITY.md', () => {
  const text = textOf('SECURITY.md');
  const rows = [...text.matchAll(ROW)].map(([, promise = '', name = '', path = '', title = '']) => ({
    promise,
    name,
    path,
    title,
  }));

  it('names for each promise a test that is there, by its file and title', () => {
    const wrong = rows.filter(({ name, path, title }) => !path.endsWith(`/${name}`) || !titlesIn(path).includes(title));
    expect(wrong).to.deep.equal([]);
  });

  it('has a table of promises for each attacker, and nothing in them but such rows', () => {
    const [, attackers = ''] = /^## Who attacks, and what is promised$([\s\S]*?)^### What a page may/m.exec(text) ?? [];
    const sections = attackers.split(/^### /m).slice(1);
    expect(sections).to.have.length.greaterThan(7);
    for (const section of sections) {
      const lines = section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (promise|---) /.test(line));
      expect(lines, section).to.have.length.greaterThan(0);
      expect([...section.matchAll(ROW)], section).to.have.lengthOf(lines.length);
    }
  });

  it('finds no title where none is', () => {
    expect(titlesIn('test/unit/security.test.ts')).to.include('finds no title where none is').and.not.to.include('x');
  });
});

/** The titles of the tests of a file, as they are written: those of a table with the names of its columns. */
function titlesIn(path: string): readonly string[] {
  const text = isThere(path) ? textOf(path) : '';
  return [...text.matchAll(/\bit\(\s*(['"`])(.*?)\1,/g)].map((match) => match[2] ?? '');
}
