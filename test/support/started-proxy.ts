import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { envoyBinary } from './envoy.js';

const script = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));
/** Ports that the system picks. */
export const systemPorts = {
  WS_PROXY_PORT: '0',
  WS_PROXY_CONTROL_PORT: '0',
  WS_PROXY_METRICS_PORT: '0',
  ENVOY_ADMIN_PORT: '0',
  NATS_PORT: '0',
};

/** A run of `npm start` in a run directory of its own, on ports that the system chose. */
export interface StartedProxy {
  readonly process: ChildProcess;
  readonly runDir: string;
  /** Lines of standard output and of standard error so far. */
  readonly lines: readonly string[];
  /** The first line that fits, past or to come. Rejects when the process ends before. */
  line(pattern: RegExp): Promise<string>;
  /** The line that starts with `ready `. Rejects when the process ends before. */
  readonly ready: Promise<string>;
  /** Settles when the process has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Ends the process, if it still runs, and removes the run directory. */
  clean(): Promise<void>;
}

export async function startProxy(
  env: NodeJS.ProcessEnv = {},
  runDir?: string,
  ...args: string[]
): Promise<StartedProxy> {
  const dir = runDir ?? (await mkdtemp(join(tmpdir(), 'ws-proxy-run-')));
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...systemPorts, ENVOY_BIN: envoyBinary(), WS_PROXY_RUN_DIR: dir, ...env },
  });
  const lines: string[] = [];
  const looks = new Set<() => void>();
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  for (const stream of [child.stdout, child.stderr]) {
    splitLines(stream, (line) => {
      lines.push(line);
      for (const look of looks) look();
    });
  }
  const lineLike = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) resolve(found);
      };
      looks.add(look);
      look();
      ended.then(({ code }) => reject(new Error(`it ended with ${code}:\n${lines.join('\n')}`)));
    });
  const ready = lineLike(/^ready /);
  // Tests of failures do not wait for readiness.
  ready.catch(() => {});
  return {
    process: child,
    runDir: dir,
    lines,
    line: lineLike,
    ready,
    ended,
    async clean() {
      child.kill('SIGTERM');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function splitLines(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) take(part);
  });
}
