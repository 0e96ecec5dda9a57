import { existsSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Part } from './part.js';
import { waitFor } from './wait.js';

/** A part as it stands in the record of a run. */
interface PartRecord {
  readonly name: string;
  readonly pid: number;
  /** The supervisor that started it. */
  readonly parent: number;
}

/** Milliseconds that a leftover has to go by itself. */
const GO_MS = 3_000;
/** Milliseconds until the system has cleared away a process that was killed. */
const KILL_MS = 5_000;

const never = new AbortController().signal;

/** Writes down in the run directory which processes belong to this run. The function returned removes it. */
export function recordParts(runDir: string, parts: readonly Pick<Part, 'name' | 'pid'>[]): () => Promise<void> {
  const record = parts.flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid, parent: process.pid }]));
  // Before anything else can happen to this process.
  writeFileSync(recordOf(runDir), JSON.stringify(record satisfies PartRecord[]));
  return () => unrecordParts(runDir);
}

/** Removes what is written there: no part of this run is left. */
export async function unrecordParts(runDir: string): Promise<void> {
  await rm(recordOf(runDir), { force: true });
}

/**
 * Ends the parts that are left of a run in that directory after its supervisor was killed, and returns a line for each of them. A
 * part is left where its lifeline was killed as well or has not ended it yet. A process is a leftover when the record names it, its
 * command line names the directory, and its parent is no longer the recorded supervisor: a part of a living supervisor stays, and so
 * does a stranger that got the same number. Works only where `/proc` is.
 */
export async function endLeftovers(runDir: string): Promise<string[]> {
  const left: PartRecord[] = [];
  for (const part of await recorded(runDir)) if (await isLeftover(part, runDir)) left.push(part);
  await Promise.all(left.map(end));
  return left.map(({ name, pid }) => `ended ${name} (process ${pid}), which a start that was killed had left running`);
}

async function recorded(runDir: string): Promise<readonly PartRecord[]> {
  try {
    const record: unknown = JSON.parse(await readFile(recordOf(runDir), 'utf8'));
    return Array.isArray(record) ? record.filter(isRecorded) : [];
  } catch {
    return [];
  }
}

function isRecorded(value: unknown): value is PartRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { name, pid, parent } = value as Record<string, unknown>;
  return typeof name === 'string' && Number.isSafeInteger(pid) && Number(pid) > 1 && Number.isSafeInteger(parent);
}

async function isLeftover({ pid, parent }: PartRecord, runDir: string): Promise<boolean> {
  const [command, status] = await Promise.all(['cmdline', 'status'].map((name) => lookUp(pid, name)));
  const [, now] = /^PPid:\s*(\d+)$/m.exec(status ?? '') ?? [];
  return command?.includes(`${runDir}/`) === true && now !== undefined && Number(now) !== parent;
}

function lookUp(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}

async function end({ pid }: PartRecord): Promise<void> {
  send(pid, 'SIGTERM');
  const gone = async (): Promise<true | undefined> => !existsSync(`/proc/${pid}`) || undefined;
  await waitFor('it did not go', GO_MS, never, gone).catch(() => send(pid, 'SIGKILL'));
  await waitFor(`process ${pid} of an earlier start did not end`, KILL_MS, never, gone);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone by itself.
  }
}

function recordOf(runDir: string): string {
  return join(runDir, 'parts.json');
}
