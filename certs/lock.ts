import { randomUUID } from 'node:crypto';
import { readlink, symlink, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CertsFailure, systemCode } from './failure.js';

/** The lock of a certificate directory: a symbolic link that names its holder, made and read in one system call each. */
export const LOCK_NAME = '.lock';
/** The time that a command waits for another to finish, in milliseconds; the work under the lock takes tens of them. */
export const LOCK_WAIT_MS = 10_000;
/** Pause between two tries, in milliseconds. */
const LOCK_RETRY_MS = 15;

/**
 * Runs `work` while no other process (or other call in this one) changes the directory, so that two revocations at once both
 * land. A lock whose holder died on this machine is taken over; a lock of another machine is not, since its holder cannot be seen from here.
 *
 * @throws CertsFailure when the lock isn't free within `waitMs`
 */
export async function withLock<T>(dir: string, work: () => Promise<T>, waitMs = LOCK_WAIT_MS): Promise<T> {
  const path = join(dir, LOCK_NAME);
  await acquire(path, waitMs);
  try {
    return await work();
  } finally {
    await unlink(path);
  }
}

async function acquire(path: string, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!(await tryAcquire(path))) {
    const holder = await holderOf(path);
    if (holder !== undefined && isDead(holder)) {
      await clearDead(path, holder);
      continue;
    }
    if (performance.now() >= deadline) {
      throw new CertsFailure(
        `${path} is held by ${holder ?? 'another process'}; wait for it, or delete the file if it is gone`,
      );
    }
    await wait(LOCK_RETRY_MS);
  }
}

async function tryAcquire(path: string): Promise<boolean> {
  try {
    await symlink(`${hostname()}:${process.pid}:${randomUUID()}`, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new CertsFailure(`${dirname(path)} is not there; make it with ws-proxy certs init, or name another --dir`);
  }
}

/**
 * Removes a dead holder's lock. Only who holds the second lock may remove the first, and looks again before: otherwise one
 * process could remove the lock that another has just taken over.
 */
async function clearDead(path: string, holder: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await tryAcquire(guard))) {
    const other = await holderOf(guard);
    if (other !== undefined && isDead(other)) {
      throw new CertsFailure(`${guard} was left by a process that died; delete it and try again`);
    }
    await wait(LOCK_RETRY_MS);
    return;
  }
  try {
    if ((await holderOf(path)) === holder) await unlink(path);
  } finally {
    await unlink(guard);
  }
}

async function holderOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isDead(holder: string): boolean {
  const [host, text] = holder.split(':');
  const pid = Number(text);
  // 0 and negative numbers are process groups, this one's own among them.
  if (host !== hostname() || !Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return systemCode(error) === 'ESRCH';
  }
}
