import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SettingsError } from './settings.js';

/** Milliseconds between two looks at a lock that another holds. */
const LOOK_EVERY_MS = 20;
/** Milliseconds after which a lock counts as left behind by a command that was killed: the work under it takes a few. */
const LEFT_AFTER_MS = 5_000;

/**
 * Runs `work` while no other process does so for that folder: replicas that start at one time enter themselves at one time. Throws a
 * SettingsError where the folder cannot be written.
 */
export async function withFolderLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const path = join(dir, '.replicas.lock');
  while (!(await take(path))) {
    if ((await ageOf(path)) > LEFT_AFTER_MS) await rm(path, { force: true });
    else await delay(LOOK_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new SettingsError(`${path} can't be written (${code}): run this as the user who rendered the folder`);
  }
}

/** Milliseconds; 0 where it has gone. */
async function ageOf(path: string): Promise<number> {
  const status = await stat(path).catch(() => undefined);
  return status === undefined ? 0 : Date.now() - status.mtimeMs;
}
