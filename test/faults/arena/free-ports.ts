import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { settleAll } from '../../../dev/ports.js';
import type { Ports } from '../../../dev/settings.js';

const LOWEST = 10_000;
/** Runs of ports that are tried before it is given up. */
const TRIES = 20;

/** The ports of one service and its Envoy; as `freeRun` has them. */
export async function freePorts(): Promise<Ports> {
  const [peers = 0, control = 0, metrics = 0, admin = 0] = await freeRun(4);
  return { peers, control, metrics, admin };
}

/**
 * As many ports in a row that stay free while the part that listens on them is dead: from below the range that the system gives to outgoing
 * connections, of which a storm makes thousands.
 */
export async function freeRun(count: number): Promise<readonly number[]> {
  const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const highest = Number.parseInt(range, 10) - count;
  for (let tries = TRIES; ; tries -= 1) {
    const first = randomInt(LOWEST, highest);
    const wanted = Array.from({ length: count }, (_, at) => {
      return { name: 'a part of an arena', host: '0.0.0.0', port: first + at, variable: '' };
    });
    try {
      return await settleAll(wanted);
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}
