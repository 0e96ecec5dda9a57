import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { settleAll } from '../../../../dev/ports.js';

const LOWEST = 10_000;
/** Runs of ports that are tried before it is given up. */
const TRIES = 20;

/** As many ports in a row that stay free while whoever listens on them is dead; as `freePorts` has them. */
export async function freeRun(count: number): Promise<readonly number[]> {
  const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const highest = Number.parseInt(range, 10) - count;
  for (let tries = TRIES; ; tries -= 1) {
    const first = randomInt(LOWEST, highest);
    const wanted = Array.from({ length: count }, (_, at) => {
      return { name: 'a part of a fleet', host: '0.0.0.0', port: first + at, variable: '' };
    });
    try {
      return await settleAll(wanted);
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}
