import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { commitTime } from './commit.mjs';
import { runMain } from './failure.mjs';
import { isLibraryArchive, libraryArchives } from './libraries.mjs';
import { root } from './place.mjs';
import { setUp } from './setup.mjs';

// Packs the libraries for other people's programs into a folder, `release/` unless another is named.
await runMain(async () => {
  const folder = resolve(process.argv[2] ?? join(root, 'release'));
  await setUp({ edge: false });
  mkdirSync(folder, { recursive: true });
  // Those of another version would be installed beside these by the README's pattern.
  for (const name of readdirSync(folder)) if (isLibraryArchive(name)) rmSync(join(folder, name));
  for (const [name, bytes] of libraryArchives(root, commitTime())) {
    writeFileSync(join(folder, name), bytes);
    console.log(relative(process.cwd(), join(folder, name)));
  }
  return 0;
});
