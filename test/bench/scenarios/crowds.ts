import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Arrival } from '../../../bench/crowd.js';
import { usageOf } from '../../../bench/usage.js';
import { waitFor } from '../../../dev/wait.js';
import { median } from '../rounds.js';
import { digits, type FigureRow } from '../row.js';
import type { Settings } from '../scenario.js';
import type { Stage } from '../stage.js';
import type { ServiceVariant } from '../stage-plan.js';

/** Rounds of a crowd: each takes half a minute. */
const MAX_ROUNDS = 3;
/** Time in which the last connection of a crowd that left is gone, milliseconds. */
const REST_MS = 60_000;
/** Descriptors that a process may have opened meanwhile for itself. */
const OTHER_FILES = 8;
/** Time in which what was put off until the end is done, milliseconds. */
const AFTER_MS = 500;

/** All peers of a side have one certificate here, and none of its limits is what is measured; one process plays all of them, and may be late with what each owes. */
export function forCrowds(variant: ServiceVariant): ServiceVariant {
  const limits = ['--connect-burst', '--max-greetings-per-identity', '--max-connections-per-identity'];
  const times = ['--hello-timeout', '--ping-interval', '--ping-timeout'].flatMap((flag) => [flag, '1m']);
  return { ...variant, flags: [...variant.flags, ...limits.flatMap((flag) => [flag, '100000']), ...times] };
}

export function roundsOfCrowds({ rounds }: Settings): number {
  return Math.min(rounds, MAX_ROUNDS);
}

/** All pairs dial at once, and stay. */
export async function come(stage: Stage, name: string, { crowdPairs: pairs, tell }: Settings): Promise<Arrival> {
  const command = { t: 'come', target: stage.target(name), pairs, watched: stage.watched(name) } as const;
  const arrival = (await stage.drive(command)) as Arrival;
  for (const [why, count] of Object.entries(arrival.refused)) tell(`${count} peers: ${why}`);
  return arrival;
}

/** Cuts the lines of all of them at once; returns the CPU time that this costs the process behind the name, nanoseconds. */
export async function go(stage: Stage, name: string, filesAtRest: number): Promise<number> {
  const pid = stage.pid(name);
  const before = usageOf(pid).cpuNs;
  await stage.drive({ t: 'drop' });
  await waitFor(`${name} kept connections`, REST_MS, AbortSignal.timeout(REST_MS), async () =>
    filesOf(stage, name) <= filesAtRest + OTHER_FILES ? true : undefined,
  );
  await wait(AFTER_MS);
  return usageOf(pid).cpuNs - before;
}

/** Number of descriptors that a process has open. */
export function filesOf(stage: Stage, name: string): number {
  return readdirSync(`/proc/${stage.pid(name)}/fd`).length;
}

/** The row of a figure beside that of the build before; without one, the figure alone. */
export function againstBefore(
  what: string,
  unit: string,
  now: readonly number[],
  before: readonly number[],
  atMost: number,
): FigureRow {
  const value = median(now);
  if (before.length === 0) return { what, value, unit, detail: 'compared with another build by --before' };
  const rounds = now.map((one, at) => one / (before[at] ?? Number.NaN));
  const detail = `${digits(value)} against ${digits(median(before))} ${unit}; rounds ${digits(Math.min(...rounds))}–${digits(Math.max(...rounds))}`;
  return { what: `${what}, of the build before`, value: value / median(before), unit: '', target: { atMost }, detail };
}
