import { runMain } from './failure.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  const envoy = await setUp();
  const { start } = await import('../dist/dev/start.js');
  return start({ ...process.env, ENVOY_BIN: envoy });
});
