import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './place.mjs';
import { stopRequests } from './stop-requests.mjs';

/** Characters of output that are kept, from its end. */
const KEPT_CHARS = 16_384;
/** Milliseconds that a command has to end by itself when this process is asked to stop. */
const STOP_MS = 2_000;
/** Exit codes of a shell that could not run a command. */
const NOT_RUN = [126, 127];

/**
 * Runs a command quietly. Resolves with its exit code (127 when it could not be started) and the end of its output. It ends with
 * all that it started when this process is asked to stop, and within two seconds when this process is killed.
 */
export function run(command, args, options = {}) {
  if (stopRequests.asked.aborted) return Promise.resolve({ code: 1, output: 'stopped before it began' });
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', [join(root, 'dev/lifeline.sh'), command, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
      ...options,
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-KEPT_CHARS);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const unfollow = stopWithThis(child);
    child.stdio[3].on('error', () => {}).resume();
    child.once('exit', () => child.stdio[3].end('\n'));
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => {
      unfollow();
      resolve({ code: NOT_RUN.includes(code) ? 127 : (code ?? 1), output });
    });
  });
}

/** Ends the child's process group when this process is asked to stop; the function returned ends the watch. */
function stopWithThis(child) {
  let timer;
  const kill = () => signalGroup(child, 'SIGKILL');
  const stop = () => {
    signalGroup(child, 'SIGTERM');
    // Processes that the command started may still be there when the command is gone.
    child.once('exit', kill);
    timer = setTimeout(kill, STOP_MS);
  };
  stopRequests.asked.addEventListener('abort', stop);
  return () => {
    stopRequests.asked.removeEventListener('abort', stop);
    clearTimeout(timer);
  };
}

function signalGroup({ pid }, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has gone by itself.
  }
}

/** The last line that is not empty; most tools that fail end with their reason. */
export function lastLine(output) {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').at(-1) ?? 'it said nothing';
}
