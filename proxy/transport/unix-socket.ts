import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';

/** Permission bits that a socket does not get: only the service's own user may connect. */
const OTHERS = 0o177;

/**
 * Makes room for a unix socket at a path: removes a socket that a dead process left. Throws when a live process listens there, or when
 * something other than a socket lies there.
 */
export async function clearSocketPath(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${path}: is there already and is no socket; name another path`);
  if (await answers(path)) throw new Error(`${path}: another process listens there; stop it or name another path`);
  await unlink(path);
}

/** Runs `make`, which makes a socket, so that the socket never exists with more than mode 0600. */
export async function withPrivateMode<Result>(make: () => Promise<Result>): Promise<Result> {
  const before = process.umask(OTHERS);
  try {
    return await make();
  } finally {
    process.umask(before);
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
