import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The number of earlier runs whose logs are kept, beside the log of the last start that did not get ready. */
const KEPT_RUNS = 3;
/** Files that each run of one service begins anew. */
const LOGS = ['service.log', 'envoy.log', 'envoy-access.log'];
/** Says that the run whose logs are there got ready. */
const READY = '.ready';

/**
 * Moves the logs of the run before aside: `service.log` becomes `service.log.1`, which was `.2` before, and so on; the logs of a
 * start that did not get ready become `service.log.failed`, so that trying again and again loses nothing that a run has logged.
 */
export function keepLogs(logDir: string, names: readonly string[] = LOGS): void {
  const wasReady = existsSync(join(logDir, READY));
  for (const path of names.map((name) => join(logDir, name))) {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) continue;
    if (wasReady) shift(path);
    else renameSync(path, `${path}.failed`);
  }
  rmSync(join(logDir, READY), { force: true });
}

/** Notes that this run got ready, so that its logs count as those of a run. */
export function noteReady(logDir: string): void {
  writeFileSync(join(logDir, READY), '');
}

function shift(path: string): void {
  for (let at = KEPT_RUNS; at > 1; at -= 1) {
    if (existsSync(`${path}.${at - 1}`)) renameSync(`${path}.${at - 1}`, `${path}.${at}`);
  }
  renameSync(path, `${path}.1`);
}
