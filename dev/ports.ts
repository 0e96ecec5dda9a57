import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { SettingsError } from '../envoy/settings.js';
import { type PortName, type Ports, portVariables } from './settings.js';

const hosts: Readonly<Record<PortName, string>> = {
  peers: '0.0.0.0',
  control: '0.0.0.0',
  metrics: '127.0.0.1',
  admin: '127.0.0.1',
};

/** Finds out, before anything starts, that every port can be had; a 0 becomes a free one. Throws a SettingsError. */
export async function settlePorts(ports: Ports): Promise<Ports> {
  // All at once, so that no free port is given out twice and no two names share one.
  const held = await Promise.allSettled(names().map((name) => hold(name, ports[name])));
  const servers = held.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const settled = servers.map(({ name, server }) => [name, (server.address() as AddressInfo).port] as const);
  await Promise.all(servers.map(({ server }) => once(server.close(), 'close')));
  const failed = held.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return { ...ports, ...Object.fromEntries(settled) };
}

async function hold(name: PortName, port: number) {
  const server = createServer().listen({ host: hosts[name], port, exclusive: true });
  try {
    await once(server, 'listening');
    return { name, server };
  } catch (error) {
    throw new SettingsError(describe(name, port, (error as NodeJS.ErrnoException).code));
  }
}

function describe(name: PortName, port: number, code: string | undefined): string {
  const variable = portVariables[name];
  if (code === 'EADDRINUSE') {
    return `port ${port} (${name}) is in use: stop what listens there, or set ${variable} to another port`;
  }
  if (code === 'EACCES') {
    return `port ${port} (${name}) may not be used by this user: set ${variable} to one above 1023`;
  }
  return `port ${port} (${name}) can't be used (${code}): set ${variable} to another port`;
}

function names(): PortName[] {
  return Object.keys(portVariables) as PortName[];
}
