import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { PRIVATE_MODE, PUBLIC_MODE, readPemFile, writeFiles } from '../../../certs/files.js';
import { MAX_PEM_LENGTH } from '../../../proxy/x509/encoding/pem.js';
import { failureOf, inDirectory } from './workspace.js';

describe('writeFiles', () => {
  it('gives a key to its owner alone and a certificate to everyone, whatever the umask', async () => {
    await inDirectory(async (dir) => {
      const before = process.umask(0o077);
      try {
        const files = [
          { path: join(dir, 'a.key.pem'), text: 'k', mode: PRIVATE_MODE },
          { path: join(dir, 'a.cert.pem'), text: 'c', mode: PUBLIC_MODE },
        ];
        await writeFiles(files, false);
      } finally {
        process.umask(before);
      }
      expect((await stat(join(dir, 'a.key.pem'))).mode & 0o777).to.equal(0o600);
      expect((await stat(join(dir, 'a.cert.pem'))).mode & 0o777).to.equal(0o644);
    });
  });

  it('takes back the names that it gave when one is taken, and leaves the one that was there', async () => {
    await inDirectory(async (dir) => {
      await writeFile(join(dir, 'b'), 'mine');
      const files = ['a', 'b', 'c'].map((name) => ({ path: join(dir, name), text: 'new', mode: PUBLIC_MODE }));
      expect((await failureOf(() => writeFiles(files, false))).message).to.equal(
        `${join(dir, 'b')} exists; use --force to replace it, or another name or --dir`,
      );
      expect(await readdir(dir)).to.deep.equal(['b']);
      expect(await readFile(join(dir, 'b'), 'utf8')).to.equal('mine');
      await writeFiles(files, true);
      expect(await readFile(join(dir, 'b'), 'utf8')).to.equal('new');
      expect(await readdir(dir)).to.deep.equal(['a', 'b', 'c']);
    });
  });

  it('leaves nothing when it is stopped half way', async () => {
    await inDirectory(async (dir) => {
      const files = ['a', 'missing/b'].map((name) => ({ path: join(dir, name), text: 'new', mode: PUBLIC_MODE }));
      let code: unknown;
      try {
        await writeFiles(files, true);
      } catch (error) {
        code = error instanceof Error && 'code' in error ? error.code : error;
      }
      expect(code).to.equal('ENOENT');
      expect(await readdir(dir)).to.deep.equal([]);
    });
  });

  it('never shows a reader half a file', async () => {
    await inDirectory(async (dir) => {
      const path = join(dir, 'list');
      const texts = ['a', 'b'].map((letter) => letter.repeat(300_000));
      await writeFile(path, texts[0] ?? '');
      let writing = true;
      const writer = (async () => {
        for (let round = 0; round < 20; round += 1) {
          await writeFiles([{ path, text: texts[round % 2] ?? '', mode: PUBLIC_MODE, replace: true }], false);
        }
        writing = false;
      })();
      while (writing) expect(texts).to.include(await readFile(path, 'utf8'));
      await writer;
    });
  });
});

describe('readPemFile', () => {
  it('reads no file that is larger than a PEM file can be', async () => {
    await inDirectory(async (dir) => {
      const path = join(dir, 'large');
      await writeFile(path, Buffer.alloc(MAX_PEM_LENGTH + 1));
      expect((await failureOf(() => readPemFile(path))).message).to.equal(
        `${path}: larger than ${MAX_PEM_LENGTH} bytes; not a PEM file`,
      );
    });
  });
});
