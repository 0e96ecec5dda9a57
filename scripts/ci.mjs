import { join } from 'node:path';
import { run } from './command.mjs';
import { counts } from './counts.mjs';
import { runMain } from './failure.mjs';
import { tell, tellOfSetUp } from './mocha.mjs';
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

// Checks everything that must hold before a change is taken. The last lines are the failures and the sum of all runs: `N passed, N failed`.
await runMain(async () => {
  const sum = { passes: 0, failures: 0, pending: 0, failed: [] };
  try {
    await setUp({ forTests: true });
  } catch (error) {
    return tellOfSetUp(error);
  }
  for (const name of checks) {
    const { code, output } = await run('npm', ['run', '--silent', name]);
    console.log(code === 0 ? `${name}: ok` : `${name}: failed\n${output.trimEnd()}`);
    sum[code === 0 ? 'passes' : 'failures'] += 1;
    if (code !== 0) sum.failed.push(`npm run ${name}: as told above`);
  }
  for (const [name, script] of suites) {
    console.log(`--- npm ${name}`);
    const { passes, failures, pending, failed } = await counts(join(root, script));
    sum.passes += passes;
    sum.failures += failures;
    sum.pending += pending;
    sum.failed.push(...failed);
  }
  return tell(sum);
});
