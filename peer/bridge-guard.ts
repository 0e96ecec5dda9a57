import { isIP } from 'node:net';
import type { BridgeRefusal } from './bridge-refusal.js';

/**
 * Keeps web pages out of a bridge on loopback. A browser on the same machine lets any page send requests to
 * `localhost`, and by DNS rebinding read the answers; whoever passes here speaks to the other peer's API. So a request with
 * the `Origin` of another site is refused, and so is one addressed to a name that is not this machine's.
 *
 * @param host the request's `Host`
 * @param origin its `Origin`, where it has one
 * @param listen the host name that the bridge was told to listen on
 */
export function guard(host: string | undefined, origin: string | undefined, listen: string): BridgeRefusal | undefined {
  const name = nameOf(host);
  if (name === undefined) return { status: 400, reason: 'host_invalid', message: 'the request has no valid Host' };
  if (isLoopback(listen) && !isLoopback(name) && name !== listen) {
    return refusal('host_denied', 'the bridge listens on loopback and serves only requests to localhost');
  }
  if (origin === undefined || origin.replace(/^https?:\/\//, '') === host) return undefined;
  return refusal('origin_denied', 'requests from web pages of other sites are not served');
}

/** Whether a host name or address is this machine's own (RFC 6761 §6.3). */
function isLoopback(name: string): boolean {
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

function nameOf(host: string | undefined): string | undefined {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^:/@\s[\]]+))(?::\d+)?$/i.exec(host ?? '');
  return (found?.[1] ?? found?.[2])?.toLowerCase();
}

function refusal(reason: string, message: string): BridgeRefusal {
  return { status: 403, reason, message };
}
