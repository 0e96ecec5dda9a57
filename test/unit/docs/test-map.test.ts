import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { filesBelow, ROOT, textOf } from '../../support/sources.js';

const text = textOf('test/README.md');
const [, harnesses = ''] = text.split('\n## The harnesses\n');
/** Files that are named in the first column of a table. */
const described = [...harnesses.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
);

describe('test/README.md', () => {
  it('describes each harness once, and none that is not there', () => {
    expect([...described].sort()).to.deep.equal(readdirSync(join(ROOT, 'test/support')).sort());
  });

  it('names no file that is not there', () => {
    const named = [...text.matchAll(/`([a-z-]+\.(?:ts|py))`/g)].map(([, name = '']) => name);
    const there = new Set(
      ['test/support', 'test/faults'].flatMap((folder) => filesBelow(folder)).map((path) => basename(path)),
    );
    expect(named.filter((name) => !there.has(name))).to.deep.equal([]);
  });

  it('says what each folder proves', () => {
    const folders = readdirSync(join(ROOT, 'test'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const [proofs = ''] = text.split('\n## The faults\n');
    const named = [...proofs.matchAll(/^\| `([a-z]+)\/` \|/gm)].map(([, name = '']) => name);
    expect(named.sort()).to.deep.equal(folders.map(({ name }) => name).sort());
  });
});
