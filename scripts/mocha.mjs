import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './place.mjs';

const nothing = { passes: 0, failures: 0, pending: 0 };
/** The counts of a run that could not begin. */
export const oneFailure = { ...nothing, failures: 1 };

/** Runs mocha on `levels`, by that `node`; its options in `args` pass through, and files named there replace the levels. */
export async function runMocha(levels, args, env, node = process.execPath) {
  const files = args.some((arg) => arg.endsWith('.js')) ? [] : levels.map((level) => `dist/test/${level}/**/*.test.js`);
  const mocha = [join(root, 'node_modules/mocha/bin/mocha.js'), '--reporter', join(root, 'scripts/reporter.cjs')];
  const child = spawn(node, [...mocha, ...args, ...files], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, ...env },
  });
  let text = '';
  child.stdio[3].setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'close');
  const counts = text === '' ? nothing : JSON.parse(text);
  // Mocha that fell over, or failed outside of any test, counts as one failure.
  return code !== 0 && counts.failures === 0 ? { ...counts, failures: 1 } : counts;
}

/** Prints the closing line and returns the exit code. */
export function tell({ passes, failures, pending }) {
  console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
  return failures > 0 || passes === 0 ? 1 : 0;
}
