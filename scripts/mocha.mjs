import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './place.mjs';

const nothing = { passes: 0, failures: 0, pending: 0, failed: [] };
/** Milliseconds from the last test to the end of the process. */
const END_MS = 30_000;
/** The beginning of a line of the closing list. */
export const FAILED = 'FAILED ';

/**
 * Runs mocha on `levels`, by that `node`; its options in `args` pass through, and files named there replace the levels. What it says is
 * shown, or with `isHeld` told as `shown` in the end.
 */
export async function runMocha(levels, args, env, { node = process.execPath, isHeld = false } = {}) {
  const files = args.some((arg) => arg.endsWith('.js')) ? [] : levels.map((level) => `dist/test/${level}/**/*.test.js`);
  const mocha = [join(root, 'node_modules/mocha/bin/mocha.js'), '--reporter', join(root, 'scripts/reporter.cjs')];
  const child = spawn(node, [...mocha, ...args, ...files], {
    cwd: root,
    stdio: isHeld ? ['ignore', 'pipe', 'pipe', 'pipe'] : ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, ...env },
  });
  let shown = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk) => {
      shown += chunk;
    });
  }
  let text = '';
  let isKept = false;
  let overdue;
  child.stdio[3].setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    // The counts come when all tests are over.
    overdue ??= setTimeout(() => {
      isKept = true;
      child.kill('SIGKILL');
    }, END_MS);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [code, signal] = await once(child, 'close');
  clearTimeout(overdue);
  const counts = { ...(text === '' ? nothing : JSON.parse(text)), shown };
  const failure = (why) => ({ ...counts, failures: counts.failures + 1, failed: [...counts.failed, `mocha: ${why}`] });
  if (isKept) {
    return failure(
      `did not end within ${END_MS / 1000} s of its last test: a test leaves a server or a connection open`,
    );
  }
  // Mocha that fell over, or failed outside of any test, counts as one failure.
  if (code !== 0 && counts.failures === 0)
    return failure(`ended with ${code ?? signal} outside of any test, as told above`);
  return counts;
}

/** The counts of several runs as those of one. */
export function sumOf(runs) {
  const sum = { ...nothing, failed: [] };
  for (const { passes, failures, pending, failed } of runs) {
    sum.passes += passes;
    sum.failures += failures;
    sum.pending += pending;
    sum.failed.push(...failed);
  }
  return sum;
}

/** Prints the failures, a line each, then the closing line, and returns the exit code. */
export function tell({ passes, failures, pending, failed }) {
  for (const line of failed) console.log(`${FAILED}${line}`);
  console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
  return failures > 0 || passes === 0 ? 1 : 0;
}

/** The same for a run that could not begin. */
export function tellOfSetUp(error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`error: ${reason}`);
  return tell({ ...nothing, failures: 1, failed: [`set-up: ${reason.split('\n')[0]}`] });
}
