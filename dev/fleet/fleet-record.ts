import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordParts, unrecordParts } from '../leftovers.js';
import type { KeptPart } from './kept-part.js';

/** A process of a fleet, as `fleet.json` in the run directory names it for whoever wants to stop one. */
export interface FleetRecord {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
}

/**
 * Writes down which processes run now, by rename: in `fleet.json` for people and scripts, and for the next start, which ends what a
 * killed one left.
 */
export function recordFleet(runDir: string, parts: readonly KeptPart[]): void {
  const running = parts.flatMap(({ plan: { name, port }, pid }): FleetRecord[] =>
    pid === undefined ? [] : [{ name, pid, port }],
  );
  recordParts(runDir, running);
  const path = recordOf(runDir);
  const lines = running.map((one) => ` ${JSON.stringify(one)}`);
  writeFileSync(`${path}.new`, `[\n${lines.join(',\n')}\n]\n`);
  renameSync(`${path}.new`, path);
}

/** The processes that run now. Throws where none are written down. */
export function recordedFleet(runDir: string): readonly FleetRecord[] {
  return JSON.parse(readFileSync(recordOf(runDir), 'utf8')) as FleetRecord[];
}

/** Takes both away: nothing runs. */
export async function forgetFleet(runDir: string): Promise<void> {
  await unrecordParts(runDir);
  rmSync(recordOf(runDir), { force: true });
}

function recordOf(runDir: string): string {
  return join(runDir, 'fleet.json');
}
