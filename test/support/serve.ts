import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { follow, type Program } from './program.js';

const BIN = fileURLToPath(new URL('../../../bin/ws-proxy.js', import.meta.url));

/** Runs `ws-proxy serve` with these flags, and of this environment with nothing but PATH. */
export function serve(
  flags: Readonly<Record<string, string>>,
  output: string[] = [],
  more: Readonly<Record<string, string>> = {},
): Program {
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const env = { PATH: process.env['PATH'] ?? '', ...more };
  const child = spawn(process.execPath, [BIN, 'serve', ...args], { stdio: 'pipe', env });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
  }
  return follow(child);
}
