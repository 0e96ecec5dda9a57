import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, type ListenOptions, type Server } from 'node:net';
import type { ListenAddress } from './listen-address.js';

/** A listening server could not be had; the message says where and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Makes the server listen; a unix socket gets mode 0600, and one that a dead process left is replaced. */
export async function listen(server: Server, address: ListenAddress, option: string): Promise<void> {
  if (address.t === 'tcp') return bind(server, { host: address.host, port: address.port }, option);
  if (await isServed(address.path)) {
    throw new ListenError(`--${option}: ${address.path} is in use by a running process: stop it or name another path`);
  }
  await rm(address.path, { force: true });
  // The socket is made inside listen(), before it returns: nobody else can reach it between the two.
  const before = process.umask(0o177);
  try {
    return await bind(server, { path: address.path }, option);
  } finally {
    process.umask(before);
  }
}

async function bind(server: Server, options: ListenOptions, option: string): Promise<void> {
  const place = options.path ?? `${options.host}:${options.port}`;
  try {
    server.listen(options);
    await once(server, 'listening');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      throw new ListenError(`--${option}: ${place} is in use: stop what listens there or name another`);
    if (code === 'EACCES')
      throw new ListenError(`--${option}: ${place}: permission denied: name a place that this user may use`);
    if (code === 'ENOENT') throw new ListenError(`--${option}: ${place}: its folder does not exist: make it first`);
    throw new ListenError(`--${option}: ${place}: ${(error as Error).message}`);
  }
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
