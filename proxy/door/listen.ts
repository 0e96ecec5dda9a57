import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { ListenOptions, Server } from 'node:net';
import { dirname } from 'node:path';
import { clearSocketPath, withPrivateMode } from '../transport/unix-socket.js';
import type { ListenAddress } from './listen-address.js';

/** A server cannot listen; the message says on which address and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly exitCode = 1;
}

/** Options of a listening server. */
export interface ListenerOptions {
  /** The option that gives the address, without its dashes. */
  readonly option: string;
  /** Connections that may wait to be accepted; the system lowers it to net.core.somaxconn. Absent: 511, as Node has it. */
  readonly backlog?: number;
  /** Called with later faults of the server, such as no descriptor for a connection; the server goes on listening. */
  readonly fault: (error: unknown) => void;
}

/** Makes the server listen; a unix socket gets mode 0600, and the socket of a dead process is replaced. Throws ListenError. */
export async function listen(server: Server, address: ListenAddress, listening: ListenerOptions): Promise<void> {
  const { option, fault } = listening;
  const backlog = listening.backlog === undefined ? {} : { backlog: listening.backlog };
  if (address.t === 'tcp') await bind(server, { host: address.host, port: address.port, ...backlog }, option);
  else {
    await clearSocketPath(address.path).catch((error: unknown) => {
      throw new ListenError(`--${option}: ${(error as Error).message}`);
    });
    await withPrivateMode(() => bind(server, { path: address.path, ...backlog }, option));
  }
  server.on('error', fault);
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
    // libuv reports EACCES for a missing folder, as Windows does.
    if (options.path !== undefined && !existsSync(dirname(options.path)))
      throw new ListenError(`--${option}: ${place}: its folder does not exist: make it first`);
    if (code === 'EACCES')
      throw new ListenError(`--${option}: ${place}: permission denied: name a place that this user may use`);
    throw new ListenError(`--${option}: ${place}: ${(error as Error).message}`);
  }
}
