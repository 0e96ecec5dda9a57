import { runMain } from './failure.mjs';
import { oneFailure, runMocha, tell } from './mocha.mjs';
import { pythonPackages } from './python-packages.mjs';
import { setUp } from './setup.mjs';

// The last line is always `N passed, N failed`, whatever went wrong.
await runMain(async () => {
  let binaries;
  try {
    binaries = await setUp({ forTests: true });
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return tell(oneFailure);
  }
  const env = { ENVOY_BIN: binaries.envoy, NATS_BIN: binaries.nats, PYTHONPATH: pythonPackages };
  return tell(await runMocha(['unit', 'service', 'system', 'interop', 'faults'], process.argv.slice(2), env));
});
