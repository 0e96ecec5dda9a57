import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = '/usr/lib';
const LIBFAKETIME = 'faketime/libfaketimeMT.so.1';

/** Why no networks of their own can be made here; undefined where they can. */
export function whyNoNetworks(): string | undefined {
  const make = 'ip link set lo up && ip link add cable0 type veth peer name cable1';
  return tried('unshare', ['--net', 'sh', '-c', make]) ?? tried('nsenter', ['--version']);
}

/** Why no disk of its own can be mounted for a process here; undefined where it can. */
export function whyNoMount(): string | undefined {
  return tried('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']);
}

/** Why the limits of a process that runs cannot be changed here; undefined where they can. */
export function whyNoLimits(): string | undefined {
  return tried('prlimit', ['--version']);
}

/** Why no process can be given another time here; undefined where it can. */
export function whyNoTime(): string | undefined {
  return libfaketime() === undefined ? 'libfaketime is not there: apt-get install faketime' : undefined;
}

/** The library that gives a process another wall clock, of Debian's package. */
export function libfaketime(): string | undefined {
  if (!existsSync(LIBRARIES)) return undefined;
  const places = [LIBRARIES, ...readdirSync(LIBRARIES).map((name) => join(LIBRARIES, name))];
  return places.map((place) => join(place, LIBFAKETIME)).find((file) => existsSync(file));
}

function tried(command: string, args: readonly string[]): string | undefined {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) return `${command}: ${error.message}`;
  return status === 0 ? undefined : `${command} ${args[0]}: ${stderr.trim().split('\n').at(-1)}`;
}
