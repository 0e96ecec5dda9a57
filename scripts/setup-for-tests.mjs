import { runMain } from './failure.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp({ forTests: true });
  return 0;
});
