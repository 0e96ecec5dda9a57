import { readFileSync } from 'node:fs';
import { ListenError } from './listen.js';

/** Descriptors of the service that are no peer's: logs, watched files, the control API, scrapers, exporters, and Node's own. */
export const RESERVED_FILES = 256;
/** Fewest connections that are worth a start: one pair. */
const LEAST = 2;
/** Upgrades that may wait for a busy service for a moment; fewer than this in the system's queue is a trap. */
const USUAL_BACKLOG = 4_096;

/** The limits of the system; undefined where the system does not tell them. */
export interface SystemLimits {
  /** File descriptors of one process: the hard limit, to which Node and Envoy raise their own at a start. */
  readonly openFiles: number | undefined;
  /** Connections that may wait in the queue of a listening socket. */
  readonly backlog: number | undefined;
}

/** The connections that can be served, and a line for each limit of the system that is below the options. */
export interface Capacity {
  readonly maxConnections: number;
  readonly warnings: readonly string[];
}

/** Reads the limits of this process from /proc; a limit that is not there is undefined. */
export function systemLimits(): SystemLimits {
  const [, files] = /^Max open files +\S+ +(\S+)/m.exec(textOf('/proc/self/limits')) ?? [];
  const backlog = textOf('/proc/sys/net/core/somaxconn').trim();
  return {
    openFiles: files === undefined ? undefined : files === 'unlimited' ? Number.POSITIVE_INFINITY : Number(files),
    backlog: backlog === '' ? undefined : Number(backlog),
  };
}

/**
 * Lowers the bound of connections to the descriptors that there are: of the two limits only the bound refuses with a reason, so it
 * must be met first. Throws ListenError where the descriptors do not even suffice for a pair.
 */
export function capacityOf(maxConnections: number, { openFiles, backlog }: SystemLimits): Capacity {
  const warnings: string[] = [];
  const room = openFiles === undefined ? maxConnections : Math.min(maxConnections, openFiles - RESERVED_FILES);
  const needed = maxConnections + RESERVED_FILES;
  const raise = `allow ${needed} (${HOW_TO_RAISE}), or lower --max-connections`;
  if (room < LEAST) throw new ListenError(`the system allows ${openFiles} open files, too few for a pair: ${raise}`);
  if (room < maxConnections) {
    warnings.push(
      `the system allows ${openFiles} open files: of --max-connections ${maxConnections} only ${room} are served; ${raise}`,
    );
  }
  const queue = Math.min(maxConnections, USUAL_BACKLOG);
  if (backlog !== undefined && backlog < queue) {
    warnings.push(
      `net.core.somaxconn is ${backlog}: when more peers dial at once some are told unavailable; set it to ${queue} with sysctl`,
    );
  }
  return { maxConnections: room, warnings };
}

/** The ways to raise the hard limit of open files, for each way to start the process. */
export const HOW_TO_RAISE =
  'systemd: LimitNOFILE; Compose: ulimits.nofile; Kubernetes: the container runtime; a shell: ulimit -Hn, as root';

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
