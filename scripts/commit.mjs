import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './place.mjs';

/** Seconds since 1970 that npm gives to what it packs, for a tree that is no clone. */
const TIME_OF_NPM = 499_162_500;

/** The time that everything in a release has, in seconds since 1970: SOURCE_DATE_EPOCH, or that of the commit. */
export function commitTime() {
  const wanted = process.env.SOURCE_DATE_EPOCH;
  if (wanted !== undefined && !/^\d{1,10}$/.test(wanted)) {
    throw new Failure(`SOURCE_DATE_EPOCH is ${JSON.stringify(wanted)}: it must be seconds since 1970`);
  }
  return Number(wanted ?? git('log', '-1', '--format=%ct') ?? TIME_OF_NPM);
}

/** The files that are tracked, as `path: { bytes, mode }`. Their modes are git's, whatever the umask of who cloned. */
export function trackedFiles() {
  const listed = git('ls-files', '-z', '--stage');
  if (listed === undefined) throw new Failure('this is no clone: a release is made of a commit');
  const files = new Map();
  for (const line of listed.split('\0').filter((line) => line !== '')) {
    const [about, path] = line.split('\t');
    const mode = about.startsWith('100755') ? 0o755 : 0o644;
    files.set(path, { bytes: readFileSync(join(root, path)), mode });
  }
  return files;
}

/** The tracked files that are not as in the commit. */
export function changedFiles() {
  return (git('status', '--porcelain', '--untracked-files=no') ?? '').split('\n').filter((line) => line !== '');
}

function git(...args) {
  try {
    const options = { cwd: root, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', args, options);
  } catch {
    return undefined;
  }
}
