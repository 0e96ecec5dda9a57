import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { settlePorts } from '../../../dev/ports.js';
import type { Ports } from '../../../dev/settings.js';

const LOWEST = 10_000;
/** Sets of ports that are tried before it is given up. */
const TRIES = 20;

/**
 * Ports that stay free while the part that listens on them is dead: from below the range that the system gives to outgoing
 * connections, of which a storm makes thousands.
 */
export async function freePorts(): Promise<Ports> {
  const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const highest = Number.parseInt(range, 10);
  for (let tries = TRIES; ; tries -= 1) {
    const first = randomInt(LOWEST, highest - 4);
    const ports = { peers: first, control: first + 1, metrics: first + 2, admin: first + 3 };
    try {
      return await settlePorts(ports);
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}
