import { runMain } from './failure.mjs';
import { runMocha, tell, tellOfSetUp } from './mocha.mjs';
import { pythonPackages } from './python-packages.mjs';
import { setUp } from './setup.mjs';

// The last line is always `N passed, N failed`, whatever went wrong.
await runMain(async () => {
  let binaries;
  try {
    binaries = await setUp({ forTests: true });
  } catch (error) {
    return tellOfSetUp(error);
  }
  const env = { ENVOY_BIN: binaries.envoy, NATS_BIN: binaries.nats, PYTHONPATH: pythonPackages };
  return tell(await runMocha(['unit', 'service', 'system', 'interop', 'faults'], process.argv.slice(2), env));
});
