import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runMain } from './failure.mjs';
import { root } from './place.mjs';
import { pythonPackages } from './python-packages.mjs';
import { setUp } from './setup.mjs';

const levels = ['unit', 'service', 'system', 'interop'].map((level) => `dist/test/${level}/**/*.test.js`);

// The last line is always `N passed, N failed`, whatever went wrong.
await runMain(async () => {
  let envoy;
  try {
    envoy = await setUp({ forTests: true });
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return tell({ passes: 0, failures: 1, pending: 0 });
  }
  return tell(await runMocha(envoy, process.argv.slice(2)));
});

/** Mocha's options pass through; files named by them replace all tests. */
async function runMocha(envoy, args) {
  const files = args.some((arg) => arg.endsWith('.js')) ? [] : levels;
  const mocha = [join(root, 'node_modules/mocha/bin/mocha.js'), '--reporter', join(root, 'scripts/reporter.cjs')];
  const child = spawn(process.execPath, [...mocha, ...args, ...files], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, ENVOY_BIN: envoy, PYTHONPATH: pythonPackages },
  });
  let text = '';
  child.stdio[3].setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
  const [code] = await once(child, 'close');
  const counts = text === '' ? { passes: 0, failures: 0, pending: 0 } : JSON.parse(text);
  // Mocha that fell over, or failed outside of any test, counts as one failure.
  return code !== 0 && counts.failures === 0 ? { ...counts, failures: 1 } : counts;
}

function tell({ passes, failures, pending }) {
  console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
  return failures > 0 || passes === 0 ? 1 : 0;
}
