import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../certs/folder.js';

/** Puts a file into place by rename, which is what Envoy sees. One that would stay the same is left alone, as each change costs something. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return;
  await makeFolder(dirname(path));
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, text);
  await rename(fresh, path);
}
