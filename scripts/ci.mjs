import { join } from 'node:path';
import { run } from './command.mjs';
import { counts } from './counts.mjs';
import { runMain } from './failure.mjs';
import { sumOf, tell, tellOfSetUp } from './mocha.mjs';
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
  const runs = [];
  try {
    await setUp({ forTests: true });
  } catch (error) {
    return tellOfSetUp(error);
  }
  for (const name of checks) {
    const { code, output } = await run('npm', ['run', '--silent', name]);
    console.log(code === 0 ? `${name}: ok` : `${name}: failed\n${output.trimEnd()}`);
    const failed = code === 0 ? [] : [`npm run ${name}: as told above`];
    runs.push({ passes: 1 - failed.length, failures: failed.length, pending: 0, failed });
  }
  for (const [name, script] of suites) {
    console.log(`--- npm ${name}`);
    runs.push(await counts(join(root, script)));
  }
  return tell(sumOf(runs));
});
