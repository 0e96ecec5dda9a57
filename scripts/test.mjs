import { runMain } from './failure.mjs';
import { runMocha, sumOf, tell, tellOfSetUp } from './mocha.mjs';
import { setUp } from './setup.mjs';

/** Levels that run beside each other: what is short, and what starts processes and mostly waits for them. */
const short = ['unit', 'service'];
const long = ['system', 'interop', 'faults'];

// The last line is always `N passed, N failed`, whatever went wrong.
await runMain(async () => {
  let env;
  try {
    env = await setUp({ forTests: true });
  } catch (error) {
    return tellOfSetUp(error);
  }
  const args = process.argv.slice(2);
  if (args.length > 0) return tell(await runMocha([...short, ...long], args, env));
  console.log(`${long.join(', ')} tests run beside these; what they say comes after`);
  const later = runMocha(long, [], env, { isHeld: true });
  const sooner = await runMocha(short, [], env);
  const held = await later;
  process.stdout.write(held.shown);
  return tell(sumOf([sooner, held]));
});
