import { runMain } from './failure.mjs';
import { runMocha, tell, tellOfSetUp } from './mocha.mjs';
import { setUp } from './setup.mjs';

// The last line is always `N passed, N failed`, whatever went wrong.
await runMain(async () => {
  let env;
  try {
    env = await setUp({ forTests: true });
  } catch (error) {
    return tellOfSetUp(error);
  }
  return tell(await runMocha(['unit', 'service', 'system', 'interop', 'faults'], process.argv.slice(2), env));
});
