import { runMain } from './failure.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  process.env.ENVOY_BIN = (await setUp()).envoy;
  await import('../dist/test/bench/main.js');
  return process.exitCode ?? 0;
});
