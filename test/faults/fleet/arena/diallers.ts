import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Columns of /proc/net/tcp (proc(5)). */
const [LOCAL, REMOTE, INODE] = [1, 2, 9];

/** The processes that hold the far ends of connections of this machine, over IPv4. It takes some milliseconds to make. */
export class Diallers {
  /** Names of the processes, by the inodes of their sockets. */
  readonly #names = new Map<string, string>();
  /** Inodes of connections, by the port that dialled and the one that was dialled. */
  readonly #inodes = new Map<string, string>();

  constructor(pids: Readonly<Record<string, number>>) {
    for (const [name, pid] of Object.entries(pids)) {
      for (const inode of socketsOf(pid)) this.#names.set(inode, name);
    }
    for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
      const cells = line.trim().split(/\s+/);
      this.#inodes.set(keyOf(portIn(cells[LOCAL]), portIn(cells[REMOTE])), cells[INODE] ?? '');
    }
  }

  /** The name of the process that dialled this connection; undefined where it is none of them. */
  of({ remotePort = 0, localPort = 0 }: Socket): string | undefined {
    return this.#names.get(this.#inodes.get(keyOf(remotePort, localPort)) ?? '');
  }
}

function keyOf(from: number, to: number): string {
  return `${from} ${to}`;
}

function portIn(address = ''): number {
  return Number.parseInt(address.slice(address.indexOf(':') + 1), 16);
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${name}`))?.[1] ?? []);
  } catch {
    // It has ended.
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
