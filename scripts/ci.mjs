import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { run } from './command.mjs';
import { runMain } from './failure.mjs';
import { tell } from './mocha.mjs';
import { root } from './place.mjs';
import { setUp } from './setup.mjs';

/** Scripts of package.json that pass or fail as a whole. */
const checks = ['lint', 'lint:proto', 'lint:dead', 'lint:licences'];
/** What ends with counts: its command of npm, and the script behind that. */
const suites = [
  ['test', 'scripts/test.mjs'],
  ['run test:node', 'scripts/test-node.mjs'],
  ['run verify', 'scripts/verify.mjs'],
];
const closing = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

// Checks everything that must hold before a change is taken. The last line is the sum of all runs: `N passed, N failed`.
await runMain(async () => {
  const sum = { passes: 0, failures: 0, pending: 0 };
  try {
    await setUp({ forTests: true });
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return tell({ ...sum, failures: 1 });
  }
  for (const name of checks) {
    const { code, output } = await run('npm', ['run', '--silent', name]);
    console.log(code === 0 ? `${name}: ok` : `${name}: failed\n${output.trimEnd()}`);
    sum[code === 0 ? 'passes' : 'failures'] += 1;
  }
  for (const [name, script] of suites) {
    console.log(`--- npm ${name}`);
    const [passes, failures, pending] = await counts(join(root, script));
    sum.passes += passes;
    sum.failures += failures;
    sum.pending += pending;
  }
  return tell(sum);
});

/** Runs one of the scripts that end with counts, shows its output but for the counts, and resolves with them. */
function counts(script) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    let line = '';
    let last = null;
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      const lines = (line + chunk).split('\n');
      line = lines.pop() ?? '';
      for (const one of lines) {
        last = closing.exec(one) ?? last;
        // One line of that form ends a run, and it is the sum's.
        console.log(closing.test(one) ? `(${one})` : one);
      }
    });
    child.once('close', (code) => {
      const told = last?.slice(1).map((text) => Number(text ?? 0)) ?? [0, 0, 0];
      resolve(code !== 0 && told[1] === 0 ? [told[0], 1, told[2]] : told);
    });
  });
}
