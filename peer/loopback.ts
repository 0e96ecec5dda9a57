import { BlockList, isIP } from 'node:net';
import { isLocalhost } from '../proxy/transport/dial/localhost.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a host name or address (IPv6 without brackets) is this machine's own; `::ffff:127.0.0.1` is 127.0.0.1. */
export function isLoopback(name: string): boolean {
  const family = isIP(name);
  return family === 0 ? isLocalhost(name) : LOOPBACK.check(name, family === 6 ? 'ipv6' : 'ipv4');
}
