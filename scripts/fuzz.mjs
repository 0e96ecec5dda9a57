import { runMain } from './failure.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  Object.assign(process.env, await setUp());
  await import('../dist/test/fuzz/main.js');
  return process.exitCode ?? 0;
});
