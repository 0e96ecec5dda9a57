import type { SrvRecord } from 'node:dns';
import type { Replica } from './replica.js';

/** The part of a resolver that is asked; that of `node:dns/promises` has it. */
export interface NameServer {
  resolveSrv(name: string): Promise<SrvRecord[]>;
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
}

/** The ports of the headless Service, as its SRV records name them. */
const PORTS = { peers: '_peers._tcp', health: '_health._tcp', control: '_control._tcp' } as const;
/** The answers of a name server that say that there is nothing, and not that it failed. */
const NOTHING = ['ENOTFOUND', 'ENODATA'];

/**
 * The replicas below a headless Service, by name: the first label of each pod's, which a StatefulSet keeps when the pod is made anew. A pod that has
 * no address yet is left out. Rejects where the name servers fail: what they did not tell may well be there.
 */
export async function replicasBelow(service: string, names: NameServer): Promise<readonly Replica[]> {
  const [peers, health, control] = await Promise.all(
    [PORTS.peers, PORTS.health, PORTS.control].map((port) => portsOf(names, `${port}.${service}`)),
  );
  const found = await Promise.all(
    [...(peers ?? [])].map(async ([pod, port]): Promise<readonly Replica[]> => {
      const host = await addressOf(pod, names);
      const [probed, asked] = [health?.get(pod), control?.get(pod)];
      if (host === undefined || probed === undefined) return [];
      const name = pod.split('.', 1)[0] ?? pod;
      const operators = asked === undefined ? {} : { control: { t: 'tcp', host, port: asked } as const };
      return [{ name, peers: { t: 'tcp', host, port }, health: { host, port: probed }, ...operators }];
    }),
  );
  return found.flat().sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The port of each pod. */
async function portsOf(names: NameServer, name: string): Promise<ReadonlyMap<string, number>> {
  const records = await asked(names.resolveSrv(name));
  return new Map(records.map((record): [string, number] => [record.name, record.port]));
}

/** IPv4 where the pod has one. */
async function addressOf(pod: string, names: NameServer): Promise<string | undefined> {
  const [first] = await asked(names.resolve4(pod));
  return first ?? (await asked(names.resolve6(pod)))[0];
}

async function asked<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer;
  } catch (error) {
    if (NOTHING.includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
