import { readdir, readFile, readlink } from 'node:fs/promises';

/** State of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';

/** The process of this machine that listens on a TCP port, and the files that it may have open; nothing where it cannot be seen. */
export async function processAt(port: number): Promise<{ readonly pid?: number; readonly openFiles?: number }> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => textOf(`/proc/net/${name}`)));
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return {};
  for (const entry of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(entry) || !(await holdsOne(entry, inodes))) continue;
    const openFiles = openFilesIn(await textOf(`/proc/${entry}/limits`));
    return { pid: Number(entry), ...(openFiles === undefined ? {} : { openFiles }) };
  }
  return {};
}

/** The inodes of the sockets that listen on a port, from a table of the kernel. */
export function listeningInodes(table: string, port: number): string[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const isWanted = state === LISTEN && Number.parseInt(local.split(':')[1] ?? '', 16) === port;
    return isWanted && inode !== undefined ? [inode] : [];
  });
}

/** The limit of open files that holds now, from a process's table of limits. */
export function openFilesIn(limits: string): number | undefined {
  const [, soft] = /^Max open files +(\S+)/m.exec(limits) ?? [];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

async function holdsOne(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${name}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
