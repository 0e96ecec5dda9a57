import { argv, env } from 'node:process';
import { runMain } from './failure.mjs';
import { holdRunDir, runDirOf } from './run-lock.mjs';
import { setUp } from './setup.mjs';
import { codeOf, hearSignals, stopRequests } from './stop-requests.mjs';

// Before anything is started that could outlive this process.
hearSignals();

/** Several replicas need NATS. */
const isFleet = argv.includes('--fleet');
const fleet = isFleet || Number(env.WS_PROXY_REPLICAS) > 1;

await runMain(async () => {
  await holdRunDir(runDirOf(env));
  let variables;
  try {
    variables = await setUp({ fleet });
  } catch (error) {
    // A set-up that was asked to stop fails because of that.
    if (!stopRequests.asked.aborted) throw error;
  }
  if (stopRequests.asked.aborted) return 0;
  const { start } = await import('../dist/dev/start.js');
  const code = await start({ ...env, ...variables }, stopRequests, isFleet);
  return stopRequests.urged.aborted ? codeOf(stopRequests.urged.reason) : code;
});
