import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { generatedDocuments } from '../support/generated-documents.js';
import { ROOT, type Source, sources, textOf } from '../support/sources.js';

const PROTOCOL = 'proto/PROTOCOL.md';

/** A clause, cited alone or in a list: `[PATH-1]`, `[HELLO-1, HELLO-3]`. */
const CITED = /\[([A-Z]+-\d+(?:, [A-Z]+-\d+)*)\]/g;
/** Standards whose sections look like clauses of ours. */
const FOREIGN = ['AIP', 'RFC'];
/** A clause at the place where the document states it: bold, at the head of a list item. */
const STATED = /^- \*\*\[([A-Z]+-\d+)\]\*\*/gm;

describe('documents with tables of the code', () => {
  for (const [path, filled] of Object.entries(generatedDocuments)) {
    it(`${path} is what npm run generate makes of it`, () => {
      if (process.env['UPDATE_DOCUMENTS'] === '1') writeFileSync(join(ROOT, path), filled(textOf(path)));
      const text = textOf(path);
      expect(text, 'it differs from the code; run: npm run generate').to.equal(filled(text));
    });

    it(`${path} without its marks is refused, not overwritten`, () => {
      expect(() => filled('')).to.throw(/mark|place/);
    });
  }
});

describe('proto/PROTOCOL.md', () => {
  it('states each clause once, and numbers those of one subject from 1 without a gap', () => {
    const last = new Map<string, number>();
    for (const clause of stated()) {
      const [subject = '', number] = clause.split('-');
      const expected = (last.get(subject) ?? 0) + 1;
      expect(Number(number), clause).to.equal(expected);
      last.set(subject, expected);
    }
  });

  it('states every clause that code, tests or documents cite', () => {
    const known = new Set(stated());
    const unknown = [...sources('proxy', 'peer', 'test'), { path: PROTOCOL, text: textOf(PROTOCOL) }].flatMap((file) =>
      cited(file)
        .filter((clause) => !known.has(clause) && !FOREIGN.includes(clause.split('-')[0] ?? ''))
        .map((clause) => `${file.path}: [${clause}]`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('has no clause that the name of no test cites', () => {
    const tested = new Set(
      sources('test')
        .filter(({ path }) => path.endsWith('.test.ts'))
        .flatMap(({ path, text }) => cited({ path, text: namesIn(text) })),
    );
    expect(stated().filter((clause) => !tested.has(clause))).to.deep.equal([]);
  });
});

function stated(): string[] {
  return [...textOf(PROTOCOL).matchAll(STATED)].map((match) => match[1] ?? '');
}

function cited({ text }: Source): string[] {
  return [...text.matchAll(CITED)].flatMap((match) => (match[1] ?? '').split(', '));
}

/** The names of tests, which begin with the clauses that they cite; some names stand in a table of cases. */
function namesIn(text: string): string {
  return [...text.matchAll(/['"`](\[[A-Z]+-\d+(?:, [A-Z]+-\d+)*\] )/g)].map((match) => match[1] ?? '').join('\n');
}
