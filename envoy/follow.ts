import { setTimeout as wait } from 'node:timers/promises';
import { type NameServer, replicasBelow } from './pods.js';
import { formatReplica } from './replica.js';
import { changeReplicas, presentReplicas } from './replicas.js';
import { SettingsError } from './settings.js';

export interface Followed {
  /** Folder of `envoy render`, with a list of replicas. */
  readonly dir: string;
  /** The headless Service, by its whole name. */
  readonly service: string;
  readonly names: NameServer;
  /** Time between two looks, milliseconds. */
  readonly every: number;
  /** Takes a line for people: each change, and each fault once in a row. */
  readonly tell: (line: string) => void;
}

/**
 * Keeps Envoy's list of replicas at what the name servers tell, until the signal. While they tell nothing that can be used the list stays: Envoy sees
 * by itself who is not ready. Rejects with a SettingsError for a folder that has no list.
 */
export async function follow(followed: Followed, stop: AbortSignal): Promise<void> {
  const { dir, service, every, tell } = followed;
  let known = (await presentReplicas(dir)).map(formatReplica).join(' ');
  let fault = '';
  while (!stop.aborted) {
    const taken = await takeUp(followed, known);
    if ('fault' in taken && taken.fault !== fault)
      tell(`${service}: ${taken.fault}; the list of replicas stays as it is`);
    if ('ok' in taken && taken.ok !== known) tell(`replicas: ${taken.ok}`);
    fault = 'fault' in taken ? taken.fault : '';
    known = 'ok' in taken ? taken.ok : known;
    await wait(every, undefined, { signal: stop }).catch(() => {});
  }
}

/** The list as text, which Envoy has from now on where it is another one. */
async function takeUp(
  { dir, service, names }: Followed,
  known: string,
): Promise<{ readonly ok: string } | { readonly fault: string }> {
  try {
    const found = await replicasBelow(service, names);
    if (found.length === 0) return { fault: 'the name servers know no pod below it' };
    const text = found.map(formatReplica).join(' ');
    if (text !== known) await changeReplicas(dir, () => found);
    return { ok: text };
  } catch (error) {
    if (error instanceof SettingsError) return { fault: error.message };
    const { code, message } = error as NodeJS.ErrnoException;
    return { fault: `the name servers do not answer (${code ?? message})` };
  }
}
