import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { runMain } from './failure.mjs';
import { packLibraries } from './libraries.mjs';
import { root } from './place.mjs';
import { setUp } from './setup.mjs';

// Packs the libraries for other people's programs into a folder, `release/` unless another is named.
await runMain(async () => {
  const folder = resolve(process.argv[2] ?? join(root, 'release'));
  await setUp();
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'ws-proxy-libraries-'));
  try {
    for (const archive of await packLibraries(folder, work)) console.log(relative(process.cwd(), archive));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return 0;
});
