import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Milliseconds for a process to stand still once it was told to. */
const STILL_MS = 10_000;

/**
 * Returns once every thread of a process that got SIGSTOP stands still. The system stops them one by one: until the last, a server with several
 * threads may answer. Where there is no /proc it returns at once.
 */
export function awaitStandstill(pid: number): void {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return;
  const late = Date.now() + STILL_MS;
  while (!readdirSync(tasks).every((task) => isStill(`${tasks}/${task}/stat`))) {
    if (Date.now() > late) throw new Error(`process ${pid} did not stand still`);
  }
}

/** Whether the thread is stopped, or has ended. */
function isStill(stat: string): boolean {
  try {
    return /^.*\) [TtZX] /s.test(readFileSync(stat, 'utf8'));
  } catch {
    return true;
  }
}
