import { runMain } from './failure.mjs';
import { runMocha, tell, tellOfSetUp } from './mocha.mjs';
import { setUp } from './setup.mjs';

// Every fault, and the tables of documents made of what was measured. The last line is always `N passed, N failed`.
await runMain(async () => {
  let variables;
  try {
    variables = await setUp({ forTests: true });
  } catch (error) {
    return tellOfSetUp(error);
  }
  const env = { ...variables, FAULTS_FORM: 'all', FAULTS_REPORT: '1' };
  return tell(await runMocha(['faults'], process.argv.slice(2), env));
});
