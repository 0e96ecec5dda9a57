import { delimiter, dirname } from 'node:path';
import { runMain } from './failure.mjs';
import { runMocha, sumOf, tell, tellOfSetUp } from './mocha.mjs';
import { nodeOfLine, usualLines } from './node-lines.mjs';
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
  const lines = process.argv.length > 2 ? process.argv.slice(2) : usualLines;
  const runs = [];
  try {
    const variables = await setUp({ forTests: true });
    for (const line of lines) {
      const counts = await shortSuites(line, variables);
      runs.push({ ...counts, failed: counts.failed.map((one) => `Node ${line}: ${one}`) });
    }
  } catch (error) {
    return tellOfSetUp(error);
  }
  return tell(sumOf(runs));
});

async function shortSuites(line, variables) {
  const node = await nodeOfLine(line);
  console.log(`--- the short suites on Node ${line}`);
  const files = ['dist/test/unit/**/*.test.js', ...service.map((name) => `dist/test/service/${name}.test.js`)];
  // What the tests start by its name is of that line, too.
  const path = [dirname(node), process.env.PATH].join(delimiter);
  return runMocha([], files, { ...variables, PATH: path }, { node });
}
