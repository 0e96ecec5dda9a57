import { delimiter, dirname } from 'node:path';
import { runMain } from './failure.mjs';
import { oneFailure, runMocha, tell } from './mocha.mjs';
import { nodeOfLine, usualLines } from './node-lines.mjs';
import { pythonPackages } from './python-packages.mjs';
import { setUp } from './setup.mjs';

/** Service suites that ask most of the runtime: sockets, streams, TLS, HTTP, signals, processes. The others are about the product. */
const service = [
  'core-*',
  'control/watch',
  'door-agrees',
  'edge',
  'hop*',
  'otlp',
  'part',
  'peer-*',
  'signals',
  'tunnel',
  'upstream',
];

// The short suites on other lines of Node: those that are named, or those that `.ci/run` adds. The last line is `N passed, N failed`.
await runMain(async () => {
  const sum = { passes: 0, failures: 0, pending: 0 };
  const lines = process.argv.length > 2 ? process.argv.slice(2) : usualLines;
  for (const line of lines) {
    const counts = await shortSuites(line);
    for (const name of Object.keys(sum)) sum[name] += counts[name];
  }
  return tell(sum);
});

async function shortSuites(line) {
  try {
    const binaries = await setUp({ forTests: true });
    const node = await nodeOfLine(line);
    console.log(`--- the short suites on Node ${line}`);
    const files = ['dist/test/unit/**/*.test.js', ...service.map((name) => `dist/test/service/${name}.test.js`)];
    // What the tests start by its name is of that line, too.
    const path = [dirname(node), process.env.PATH].join(delimiter);
    const env = { ENVOY_BIN: binaries.envoy, NATS_BIN: binaries.nats, PYTHONPATH: pythonPackages, PATH: path };
    return await runMocha([], files, env, node);
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return oneFailure;
  }
}
