import { runMain } from './failure.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  Object.assign(process.env, await setUp({ fleet: true }));
  await import('../dist/test/bench/main.js');
  return process.exitCode ?? 0;
});
