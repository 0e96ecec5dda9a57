import { type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Whether a host name is `localhost` or below it: such a name always means this machine, whatever a name server says (RFC 6761 §6.3). */
export function isLocalhost(name: string): boolean {
  return /^(?:.+\.)?localhost\.?$/i.test(name);
}

/**
 * Looks a name up as the system does. Names below `localhost` are an exception, because few systems know them though every browser
 * does.
 */
export const lookupLocalhost: LookupFunction = (name, options: LookupOptions, told) => {
  lookup(isLocalhost(name) ? 'localhost' : name, options, told);
};
