import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endpointFiles, readEndpoints, writeEndpoints } from './endpoints.js';
import { withFolderLock } from './folder-lock.js';
import { replaceFile } from './replace-file.js';
import { faultOfReplicas, type Replica } from './replica.js';
import { SettingsError } from './settings.js';

/** The file that only a rendering with the files of mutual TLS to replicas leaves in a folder. */
const TLS_FILE = 'sds/replica-ca.yaml';

/**
 * The replicas that Envoy knows by the files in this folder, by name; undefined where the folder was rendered for one service alone.
 * Throws a SettingsError where the list is none of ours.
 */
export async function replicasOf(dir: string): Promise<readonly Replica[] | undefined> {
  const [control, rendezvous] = await Promise.all(endpointFiles.map((name) => textOf(join(dir, name))));
  if (control === undefined || rendezvous === undefined) return undefined;
  try {
    return readEndpoints(rendezvous, control);
  } catch {
    throw new SettingsError(
      `${join(dir, 'eds')} has a list that ws-proxy did not write: render it anew, with --replica for each replica`,
    );
  }
}

/** The same. Throws a SettingsError for a folder without a list, too. */
export async function presentReplicas(dir: string): Promise<readonly Replica[]> {
  if (!existsSync(dir)) throw new SettingsError(`${dir} is not there: name the folder of envoy render`);
  const present = await replicasOf(dir);
  if (present !== undefined) return present;
  throw new SettingsError(`${dir} has no list of replicas: render it with --fleet, or with --replica for each`);
}

/**
 * Changes the list by `change`. A running Envoy has it within some milliseconds; websockets stay, also those of a replica that was
 * taken away. Nobody else changes it in between. Throws a SettingsError for a folder without a list, and for a list that cannot be.
 */
export async function changeReplicas(
  dir: string,
  change: (present: readonly Replica[]) => readonly Replica[],
): Promise<void> {
  await presentReplicas(dir);
  await withFolderLock(dir, async () => {
    await putReplicas(dir, change(await presentReplicas(dir)), existsSync(join(dir, TLS_FILE)));
  });
}

/** Writes the list. Throws a SettingsError for one that cannot be. */
export async function putReplicas(dir: string, replicas: readonly Replica[], hasTls: boolean): Promise<void> {
  const fault = faultOfReplicas(replicas, hasTls);
  if (fault !== undefined) throw new SettingsError(fault);
  for (const [name, text] of writeEndpoints(replicas, hasTls)) await replaceFile(join(dir, name), text);
}

/** The list with these in it; one of a name that is there takes its place. */
export function withReplicas(present: readonly Replica[], more: readonly Replica[]): readonly Replica[] {
  const names = new Set(more.map(({ name }) => name));
  return byName([...present.filter(({ name }) => !names.has(name)), ...more]);
}

/** The list without these. Throws a SettingsError for a name that is not in it. */
export function withoutReplicas(present: readonly Replica[], names: readonly string[]): readonly Replica[] {
  const missing = names.find((wanted) => !present.some(({ name }) => name === wanted));
  if (missing !== undefined) {
    const there = present.map(({ name }) => name).join(', ') || 'none';
    throw new SettingsError(`there is no replica ${JSON.stringify(missing)}; there are: ${there}`);
  }
  return present.filter(({ name }) => !names.includes(name));
}

function byName(replicas: readonly Replica[]): readonly Replica[] {
  return [...replicas].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
