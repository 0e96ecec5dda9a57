import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from './failure.mjs';

/** Characters of an abstract socket's name after its NUL: all the room there is, since older Nodes fill up a shorter name. */
const NAME_CHARS = 107;

/**
 * Holds the run directory for this process until it ends, however it ends: the lock is the name of an abstract unix socket, which
 * the system gives to one process at a time and takes back when that process dies. The directory need not exist yet.
 * Throws a Failure when another start holds it.
 */
export async function holdRunDir(dir) {
  const server = createServer((socket) => socket.destroy());
  try {
    await once(server.listen({ path: `\0${lockName(dir)}`, exclusive: true }), 'listening');
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Failure(`${dir} is in use by another start: stop that one, or set WS_PROXY_RUN_DIR to another`);
  }
  server.unref();
}

/** The same for every way to write the directory's path; containers that share a network have file systems of their own. */
function lockName(dir) {
  const { dev, ino } = statSync('/');
  const hash = createHash('sha512')
    .update(`${dev}:${ino}:${realPath(dir)}`)
    .digest('hex');
  return `ws-proxy/start/${hash}`.slice(0, NAME_CHARS).padEnd(NAME_CHARS, '.');
}

/** The path with its links resolved, as far as it exists. */
function realPath(path) {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), basename(path));
  }
}

/** The run directory that the environment names. */
export function runDirOf(env) {
  return resolve(env.WS_PROXY_RUN_DIR || '.run');
}
