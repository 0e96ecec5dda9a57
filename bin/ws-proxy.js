#!/usr/bin/env -S node --initial-old-space-size=128
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);

if (existsSync(main)) {
  const { run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
} else {
  console.error('error: this clone is not built yet: npm start sets up everything, npm run build compiles alone');
  process.exitCode = 1;
}
