import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LOCK_NAME, withLock } from '../../../certs/lock.js';
import { failureOf, inDirectory } from './workspace.js';

/** The id of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  if (child.pid === undefined) throw new Error('it was not started');
  return child.pid;
}

describe('withLock', () => {
  it('lets one in at a time', async () => {
    await inDirectory(async (dir) => {
      let inside = 0;
      let most = 0;
      const work = async () => {
        inside += 1;
        most = Math.max(most, inside);
        await readdir(dir);
        inside -= 1;
      };
      await Promise.all(Array.from({ length: 8 }, () => withLock(dir, work)));
      expect(most).to.equal(1);
      expect(await readdir(dir)).to.deep.equal([]);
    });
  });

  it('is free again after a failure inside', async () => {
    await inDirectory(async (dir) => {
      const failing = withLock(dir, () => Promise.reject(new Error('inside')));
      expect(await failing.catch((error: unknown) => String(error))).to.equal('Error: inside');
      expect(await withLock(dir, async () => 'free')).to.equal('free');
    });
  });

  it('takes over from a process that died, once, however many wait', async () => {
    await inDirectory(async (dir) => {
      await symlink(`${hostname()}:${await deadProcess()}:x`, join(dir, LOCK_NAME));
      let inside = 0;
      const work = async () => {
        inside += 1;
        expect(inside).to.equal(1);
        await readdir(dir);
        inside -= 1;
      };
      await Promise.all(Array.from({ length: 5 }, () => withLock(dir, work)));
      expect(await readdir(dir)).to.deep.equal([]);
    });
  });

  it('does not take over from another machine, and says who holds it', async () => {
    await inDirectory(async (dir) => {
      await symlink('elsewhere:1:x', join(dir, LOCK_NAME));
      const failure = await failureOf(() => withLock(dir, async () => undefined, 0));
      expect(failure.message).to.equal(
        `${join(dir, LOCK_NAME)} is held by elsewhere:1:x; wait for it, or delete the file if it is gone`,
      );
    });
  });

  it('says when there is no directory', async () => {
    const failure = await failureOf(() => withLock('/nowhere/certs', async () => undefined));
    expect(failure.message).to.equal(
      '/nowhere/certs is not there; make it with ws-proxy certs init, or name another --dir',
    );
  });
});
