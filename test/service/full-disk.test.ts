import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Scratch } from '../support/scratch.js';

const BIN = fileURLToPath(new URL('../../../bin/ws-proxy.js', import.meta.url));
/** Size of the small disk, KiB: room for one root and its list. */
const DISK_KIB = 64;

function certs(args: readonly string[], stdout: number | 'pipe' = 'pipe', user?: { uid: number; gid: number }) {
  const options = { stdio: ['ignore', stdout, 'pipe'] as const, encoding: 'utf8' as const, ...user };
  const { status, stderr } = spawnSync(process.execPath, [BIN, 'certs', ...args], {
    ...options,
    stdio: [...options.stdio],
  });
  return { status, stderr };
}

describe('certs on a disk that takes no more', function () {
  this.timeout(60_000);
  let scratch: Scratch;
  let undo: (() => void) | undefined;
  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(() => {
    undo?.();
    undo = undefined;
    scratch.remove();
  });

  /** A disk of its own; undefined where this user may mount none. */
  function smallDisk(): string | undefined {
    const path = scratch.path('disk');
    mkdirSync(path);
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KIB}k`, 'tmpfs', path]);
    if (status !== 0) return undefined;
    undo = () => void execFileSync('umount', [path]);
    return path;
  }

  it('says that it is full, and leaves nothing half-written', function () {
    const disk = smallDisk();
    if (disk === undefined) return void explainSkip(this, 'this user may mount no small disk');
    const dir = join(disk, 'certs');
    expect(certs(['init', '--dir', dir]).status).to.equal(0);
    fill(disk);
    const before = readdirSync(dir);
    for (const args of [
      ['issue', 'gw-1'],
      ['revoke', '--serial', '1a'],
      ['crl', '--sign'],
      ['init', '--force'],
      ['init', '--intermediate'],
    ]) {
      const { status, stderr } = certs([...args, '--dir', dir]);
      expect(stderr, args.join(' ')).to.equal(
        `error: ${dir}: the disk is full; nothing was changed, make room on it and try again (ENOSPC)\n`,
      );
      expect(status).to.equal(1);
      expect(readdirSync(dir)).to.deep.equal(before);
    }
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const { stderr } = certs(['issue', 'gw-1', '--dir', dir]);
    expect(stderr).to.match(/^error: .*: the file system is read-only; nothing was changed.* \(EROFS\)\n$/);
    expect(readdirSync(dir)).to.deep.equal(before);
  });

  it('says so of its output, and of a folder that is not its user’s', function () {
    const dir = scratch.path('certs');
    expect(certs(['init', '--dir', dir]).status).to.equal(0);
    const full = openSync('/dev/full', 'w');
    try {
      const { status, stderr } = certs(['show', '--dir', dir], full);
      expect(stderr).to.equal('error: the output cannot be written: the disk is full (ENOSPC)\n');
      expect(status).to.equal(1);
    } finally {
      closeSync(full);
    }
    if (process.getuid?.() !== 0) return void explainSkip(this, 'only root can be another user');
    chmodSync(scratch.directory, 0o755);
    const { stderr } = certs(['issue', 'gw-1', '--dir', dir], 'pipe', { uid: 65534, gid: 65534 });
    expect(stderr).to.match(/^error: .*this user may not read or write here; give it the right.*\(EACCES\)\n$/);
  });
});

function fill(disk: string): void {
  expect(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(2 * DISK_KIB * 1024))).to.throw('ENOSPC');
}

function explainSkip(test: Mocha.Context, why: string): void {
  console.log(`      skipped: ${why}`);
  test.skip();
}
