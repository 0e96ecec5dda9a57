import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { SettingsError } from '../envoy/settings.js';
import { type PortName, type Ports, portVariables } from './settings.js';

/** A port that a run needs. */
export interface WantedPort {
  /** What it is, for people. */
  readonly name: string;
  readonly host: string;
  /** 0: one that the system picks. */
  readonly port: number;
  /** The variable that moves it. */
  readonly variable: string;
}

export const portHosts: Readonly<Record<PortName, string>> = {
  peers: '0.0.0.0',
  control: '0.0.0.0',
  metrics: '127.0.0.1',
  admin: '127.0.0.1',
};

/** Finds out, before anything starts, that every port can be had; a 0 becomes a free one. Throws a SettingsError. */
export async function settlePorts(ports: Ports): Promise<Ports> {
  const names = Object.keys(portVariables) as PortName[];
  const wanted = names.map((name) => {
    return { name, host: portHosts[name], port: ports[name], variable: portVariables[name] };
  });
  const settled = await settleAll(wanted);
  return { ...ports, ...Object.fromEntries(names.map((name, at) => [name, settled[at]])) };
}

/** The same for any ports, in their order. */
export async function settleAll(wanted: readonly WantedPort[]): Promise<number[]> {
  // All at once, so that no free port is given out twice and no two names share one.
  const held = await Promise.allSettled(wanted.map(hold));
  const servers = held.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const settled = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  const failed = held.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return settled;
}

async function hold(wanted: WantedPort): Promise<Server> {
  const { host, port } = wanted;
  if (port > 65_535) throw new SettingsError(describe(wanted, 'ERANGE'));
  const server = createServer().listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    throw new SettingsError(describe(wanted, (error as NodeJS.ErrnoException).code));
  }
}

function describe({ name, port, variable }: WantedPort, code: string | undefined): string {
  if (code === 'EADDRINUSE') {
    return `port ${port} (${name}) is in use: stop what listens there, or set ${variable} to another port`;
  }
  if (code === 'EACCES') {
    return `port ${port} (${name}) may not be used by this user: set ${variable} to one above 1023`;
  }
  if (code === 'ERANGE') return `there is no port ${port} (${name}): set ${variable} to a lower one`;
  return `port ${port} (${name}) can't be used (${code}): set ${variable} to another port`;
}
