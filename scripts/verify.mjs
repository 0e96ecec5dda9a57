import { delimiter } from 'node:path';
import { runMain } from './failure.mjs';
import { runMocha, tell, tellOfSetUp } from './mocha.mjs';
import { setUp } from './setup.mjs';
import { checkerFolder, checkerPath, installCheckers } from './verify-tools.mjs';

// Checks the shipped files with the tools of those who run them, and does the faults that take long. More is needed than for `npm test`: Python packages by their hashes,
// and packages of Debian, which are installed when this runs as root. The last line is always `N passed, N failed`.
await runMain(async () => {
  let variables;
  try {
    variables = await setUp({ forTests: true });
    for (const line of await installCheckers()) console.log(`not on this system: ${line}; what needs it is skipped`);
  } catch (error) {
    return tellOfSetUp(error);
  }
  const env = {
    ...variables,
    PYTHONPATH: checkerFolder,
    // The short form is a part of `npm test`.
    FAULTS_FORM: 'long',
    PATH: [...checkerPath, process.env.PATH].join(delimiter),
  };
  return tell(await runMocha(['verify', 'faults'], process.argv.slice(2), env));
});
