import { runMain } from './failure.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  const { envoy, nats } = await setUp({ fleet: true });
  Object.assign(process.env, { ENVOY_BIN: envoy, NATS_BIN: nats });
  await import('../dist/test/bench/main.js');
  return process.exitCode ?? 0;
});
