import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLine, run } from './command.mjs';
import { root, tools } from './place.mjs';

/** A module of its own, whose go.sum has the hash of h2spec and of all that it needs. */
const pin = join(root, 'test/verify/h2spec');
/** Goes before PATH. */
export const goFolder = join(tools, 'go');
const stamp = join(goFolder, 'go.sum');

/** Builds the HTTP/2 checker, which comes as Go source only. Resolves with one line when it cannot be had, else with none. */
export async function buildH2spec() {
  const sum = join(pin, 'go.sum');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(sum, 'utf8')) return [];
  mkdirSync(goFolder, { recursive: true });
  const args = ['build', '-mod=readonly', '-trimpath', '-o', join(goFolder, 'h2spec')];
  const { code, output } = await run('go', [...args, 'github.com/summerwind/h2spec/cmd/h2spec'], { cwd: pin });
  if (code === 127) return ['h2spec (there is no Go to build it with)'];
  if (code !== 0) return [`h2spec (go build: ${lastLine(output)})`];
  copyFileSync(sum, stamp);
  return [];
}
