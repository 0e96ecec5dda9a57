import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fault, type Judgement, notChecked, ok, warning, worst } from '../finding.js';
import type { Host } from '../look/host.js';

/** Below this a disk is full in a moment, bytes. */
const FULL_BYTES = 32 * 1024 * 1024;
/** Below this share it fills up. */
const LOW_SHARE = 0.05;

/** Is there room on the disks of the logs and of the audit log? */
export async function checkDisk({ plan: { config, logs } }: Host): Promise<Judgement> {
  const audit = 'fault' in config || config.auditLog === undefined || config.auditLog === '-' ? [] : [config.auditLog];
  const folders = [...new Set([...logs, ...audit.map((file) => dirname(file))])];
  const [first, ...more] = await Promise.all(folders.map(roomOf));
  if (first === undefined) return notChecked('no folder of logs is known here: name it with --logs');
  return worst(first, ...more);
}

/** A disk as the system describes it. */
export interface Room {
  readonly free: number;
  readonly size: number;
  /** Files that can still be made, where the file system counts them. */
  readonly freeFiles: number | undefined;
}

async function roomOf(folder: string): Promise<Judgement> {
  try {
    const { bavail, blocks, bsize, files, ffree } = await statfs(folder);
    const freeFiles = files === 0 ? undefined : ffree;
    return judgeRoom(folder, { free: bavail * bsize, size: blocks * bsize, freeFiles });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return notChecked(`${folder} cannot be looked at (${code}): ask as its user, or as root`);
    const why = 'the service does not start where the folder of its audit log is missing';
    return fault(`there is no folder ${folder}`, why, `mkdir -p ${folder}, for the user of the service`);
  }
}

export function judgeRoom(folder: string, { free, size, freeFiles }: Room): Judgement {
  const what = `${folder}: ${inMib(free)} of ${inMib(size)} free`;
  const why = 'lines of the audit log wait, then are dropped and counted; the relay goes on';
  const todo = `make room: du -x ${folder} | sort -n | tail; rotate logs by rename`;
  if (freeFiles === 0) return fault(`${folder}: no file can be made there, for want of inodes`, why, todo);
  if (free < FULL_BYTES) return fault(what, why, todo);
  return free < size * LOW_SHARE ? warning(what, `once it is full, ${why}`, todo) : ok(what);
}

function inMib(bytes: number): string {
  return `${Math.floor(bytes / (1024 * 1024))} MiB`;
}
