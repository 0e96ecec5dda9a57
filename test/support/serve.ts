import { fileURLToPath } from 'node:url';
import { spawnTied } from '../../dev/lifeline.js';
import { follow, type Program } from './program.js';

const BIN = fileURLToPath(new URL('../../../bin/ws-proxy.js', import.meta.url));

/** Runs `ws-proxy serve` with these flags, of this build or of the one whose command is `bin`; of this environment it gets only PATH. */
export function serve(
  flags: Readonly<Record<string, string>>,
  output: string[] = [],
  more: Readonly<Record<string, string>> = {},
  bin = BIN,
): Program {
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const env = { PATH: process.env['PATH'] ?? '', ...more };
  const command = [bin, 'serve', ...args];
  const child = spawnTied({ command: process.execPath, args: command, env, stdio: ['pipe', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
  }
  return follow(child);
}
