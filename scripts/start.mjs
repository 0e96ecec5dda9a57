import { runMain } from './failure.mjs';
import { holdRunDir, runDirOf } from './run-lock.mjs';
import { setUp } from './setup.mjs';
import { codeOf, hearSignals, stopRequests } from './stop-requests.mjs';

// Before anything is started that could outlive this process.
hearSignals();

await runMain(async () => {
  await holdRunDir(runDirOf(process.env));
  let binaries;
  try {
    binaries = await setUp();
  } catch (error) {
    // A set-up that was asked to stop fails because of that.
    if (!stopRequests.asked.aborted) throw error;
  }
  if (stopRequests.asked.aborted) return 0;
  const { start } = await import('../dist/dev/start.js');
  const code = await start({ ...process.env, ENVOY_BIN: binaries.envoy }, stopRequests);
  return stopRequests.urged.aborted ? codeOf(stopRequests.urged.reason) : code;
});
