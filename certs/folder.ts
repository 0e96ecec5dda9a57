import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCode } from './failure.js';

/**
 * Makes a folder with those above it that are missing. In place of mkdir's `recursive`, which never returns for a folder in
 * `/proc` (Node.js 20 to 24).
 *
 * @throws the system's error when it can't be made, as when a file is in the way
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isFolder(at)); at = dirname(at)) missing.unshift(at);
  for (const one of missing) await makeOne(one, mode);
}

async function makeOne(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    // Another process may have been first.
    if (systemCode(error) !== 'EEXIST' || !(await isFolder(path))) throw error;
  }
}

/** Whether a folder of that name is there. For a file the answer is false: making the folder then says that it is in the way. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the place is read-only',
  ENOENT: 'the system makes no folders there',
  EEXIST: 'a file is in the way',
  ENOTDIR: 'a file is in the way',
  EISDIR: 'a folder is in the way',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'a link leads in a circle',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
};

/** The reason why a folder or a file could not be made, in words; undefined for an error that no system call has thrown. */
export function whyNotMade(error: unknown): string | undefined {
  const code = systemCode(error);
  return code === undefined ? undefined : (reasons[code] ?? code);
}
