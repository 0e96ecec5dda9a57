import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Columns of /proc/net/tcp (proc(5)). */
const [LOCAL, REMOTE, INODE] = [1, 2, 9];

/** The name of the process of this machine that dialled this connection, which has to be of IPv4; undefined where it is none of these. */
export function dialler(socket: Socket, pids: Readonly<Record<string, number>>): string | undefined {
  const { remotePort = 0, localPort = 0 } = socket;
  const wanted = [remotePort, localPort].map((port) => port.toString(16).toUpperCase().padStart(4, '0'));
  const row = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find((cells) => [LOCAL, REMOTE].every((at, index) => cells[at]?.endsWith(`:${wanted[index]}`)));
  const inode = row?.[INODE];
  if (inode === undefined) return undefined;
  return Object.entries(pids).find(([, pid]) => holds(pid, inode))?.[0];
}

function holds(pid: number, inode: string): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((name) => linkOf(`${folder}/${name}`) === `socket:[${inode}]`);
  } catch {
    // It has ended.
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
