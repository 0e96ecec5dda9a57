import { spawn } from 'node:child_process';
import { FAILED } from './mocha.mjs';
import { root } from './place.mjs';

const closing = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

/** Runs one of the scripts that end with counts, shows its output, and resolves with its counts and failures. */
export function counts(script) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    let line = '';
    let last = ['0', '0', '0'];
    const failed = [];
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      const lines = (line + chunk).split('\n');
      line = lines.pop() ?? '';
      for (const one of lines) {
        last = closing.exec(one)?.slice(1) ?? last;
        if (one.startsWith(FAILED)) failed.push(one.slice(FAILED.length));
        // One line of that form ends a run, and it is the sum's.
        console.log(closing.test(one) ? `(${one})` : one);
      }
    });
    child.once('close', (code) => {
      const [passes, failures, pending] = last.map((text) => Number(text ?? 0));
      if (code === 0 || failures > 0) resolve({ passes, failures, pending, failed });
      else resolve({ passes, failures: 1, pending, failed: [`${script}: ended with ${code}, as told above`] });
    });
  });
}
