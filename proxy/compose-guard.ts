import type { Telemetry } from './compose-telemetry.js';
import { Guard, type GuardFile, type GuardFiles } from './edge/guard.js';
import { inSlices } from './policy/slices.js';
import type { Clock } from './session/ports.js';
import type { Registry } from './session/registry.js';
import { verdictsOn } from './session/sweep.js';

/** The files that say who may be here, under watch. */
export interface Guarded {
  readonly guard: Guard;
  /** Connections that a change of these files has ended so far. */
  ended(): number;
}

/** Opens the files and ends whoever a later version of them no longer allows. Throws UnusableFile. */
export async function openGuard(
  files: GuardFiles,
  clock: Clock,
  telemetry: Telemetry,
  registry: Registry,
): Promise<Guarded> {
  const { gauges, log } = telemetry;
  let total = 0;
  let opened: Guard | undefined;
  const guard = await Guard.open(files, clock, {
    changed: async (file) => {
      // One file may change while the next is opened: nobody is here yet.
      if (opened === undefined) return;
      const now = opened;
      const ended = registry.end(await inSlices(verdictsOn(registry.peers, (peer) => now.verdict(peer))));
      total += ended;
      reportFile(now, telemetry, file);
      log.logger.info({ file, ended }, 'reloaded');
    },
    refused: (file, why) => {
      if (file === 'policy') gauges.policyLoaded(0, false);
      if (file === 'crl') gauges.crlFailed();
      log.logger.error({ file, detail: why }, 'not usable: the last good version stays in force');
    },
    waiting: (why) => {
      log.logger.error({ file: 'crl', detail: why }, 'waiting: nobody is served until the clock or the list is right');
    },
  });
  opened = guard;
  for (const file of ['policy', 'crl'] as const) reportFile(guard, telemetry, file);
  return { guard, ended: () => total };
}

function reportFile(guard: Guard, { gauges }: Telemetry, file: GuardFile): void {
  if (file === 'policy') gauges.policyLoaded((guard.policyFile?.loadedAt ?? Date.now()) / 1000, true);
  if (file !== 'crl' || guard.crl === undefined) return;
  if (guard.waiting !== undefined) {
    gauges.crlFailed();
    return;
  }
  const lists = guard.crl.status;
  const revoked = lists.reduce((sum, { entries }) => sum + entries, 0);
  // The first list to go stale; those that never do have no say.
  const ends = lists.flatMap(({ nextUpdate }) => nextUpdate ?? []);
  gauges.crlLoaded(revoked, ends.length === 0 ? 0 : Math.min(...ends));
}
