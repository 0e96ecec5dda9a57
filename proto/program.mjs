import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The program that a package installs under that name. */
export function program(name, binary) {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve(`${name}/package.json`);
  return join(dirname(manifest), require(manifest).bin[binary]);
}
