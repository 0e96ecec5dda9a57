import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { stopRequests } from './stop-requests.mjs';

/** Milliseconds between two signs of life of the lock's holder. */
const BEAT_MS = 1_000;
/** Milliseconds without a sign of life after which the holder counts as dead. Process ids would lie across containers that share a clone. */
const STALE_MS = 15_000;
const LOOK_EVERY_MS = 200;
const PATIENCE_MS = 15 * 60_000;

/** Runs `work` while no other set-up of this clone does. */
export async function withLock(path, work) {
  await take(path);
  const beat = setInterval(() => touch(path), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true });
  }
}

async function take(path) {
  mkdirSync(dirname(path), { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  for (let told = false; !tryTake(path); told = true) {
    if (!told) console.log('another set-up of this clone is at work: waiting for it');
    if (stopRequests.asked.aborted) throw new Failure('stopped while another set-up was at work');
    if (Date.now() > deadline)
      throw new Failure(`another set-up holds ${path} for too long: end it, or delete the file`);
    if (Date.now() - modified(path) > STALE_MS) breakOpen(path);
    await delay(LOOK_EVERY_MS);
  }
}

function tryTake(path) {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new Failure(`${path} can't be written (${error.code}): the clone must be writable`);
  }
}

/** Of those who find the lock stale, the one whose rename succeeds removes it. */
function breakOpen(path) {
  const mine = `${path}.${process.pid}`;
  try {
    renameSync(path, mine);
    rmSync(mine);
  } catch {
    // Another was first.
  }
}

function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Taken away by hand; the work goes on.
  }
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
}
