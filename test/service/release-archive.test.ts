import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Scratch } from '../support/scratch.js';
import { filesBelow, ROOT } from '../support/sources.js';
import { tell } from '../support/tools.js';

type Files = ReadonlyMap<string, { readonly bytes: Buffer; readonly mode: number }>;

const { archive } = (await import(pathToFileURL(join(ROOT, 'scripts/archive.mjs')).href)) as {
  readonly archive: (files: Files, seconds: number) => Buffer;
};
/** When the files were made, in seconds since 1970. */
const SECONDS = 1_234_567_890;

describe('the archives of a release', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(() => scratch.remove());

  const file = (size: number, mode = 0o644) => ({ bytes: Buffer.alloc(size, 'x'), mode });

  it('are unpacked by tar as they were made, whatever their sizes and the lengths of their paths', async () => {
    const folder = `${'f'.repeat(60)}/${'g'.repeat(70)}`;
    const files: Files = new Map([
      ['b/program', file(3, 0o755)],
      ['a', file(0)],
      ['b/one-block', file(512)],
      ['é/ü', file(513)],
      ['p'.repeat(100), file(1)],
      [`${folder}/${'n'.repeat(100)}`, file(2000)],
      [`${folder}/short`, file(5)],
    ]);
    scratch.write('one.tgz', archive(files, SECONDS));
    mkdirSync(scratch.path('out'));
    const { code, output } = await tell('tar', ['-xzpf', scratch.path('one.tgz'), '-C', scratch.path('out')]);
    expect(code, output).to.equal(0);
    expect(output).to.equal('');
    for (const [path, { bytes, mode }] of files) {
      const unpacked = scratch.path(`out/${path}`);
      expect(readFileSync(unpacked).equals(bytes), path).to.equal(true);
      expect(statSync(unpacked).mode & 0o777, path).to.equal(mode);
      expect(statSync(unpacked).mtimeMs, path).to.equal(SECONDS * 1000);
    }
    const listed = await tell('tar', ['-tzf', scratch.path('one.tgz')]);
    expect(listed.output.trimEnd().split('\n')).to.have.length(files.size);
  });

  it('do not depend on the order in which files are found', () => {
    const entries = filesBelow('proto').map((path) => [path, file(path.length)] as const);
    const one = archive(new Map(entries), SECONDS);
    expect(archive(new Map(entries.toReversed()), SECONDS).equals(one)).to.equal(true);
    expect(archive(new Map(entries), SECONDS + 1).equals(one)).to.equal(false);
  });

  it('refuse a path that has no place in them', () => {
    for (const path of ['p'.repeat(101), `${'f'.repeat(156)}/${'n'.repeat(100)}`, `f/${'é'.repeat(60)}`]) {
      expect(() => archive(new Map([[path, file(1)]]), SECONDS)).to.throw('is too long for an archive');
    }
  });
});
