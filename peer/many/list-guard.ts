import type { BridgeRefusal } from '../bridge-refusal.js';
import { isLoopback } from '../loopback.js';

/** The parts of a request to the bridge itself that count. */
export interface ListCaller {
  readonly method?: string | undefined;
  readonly remoteAddress?: string | undefined;
}

/**
 * The refusal of a request to the bridge itself, or undefined. Its list names gateways, and is for this machine alone; where the caller's
 * address is not known it counts as another one's. `path` is what follows `/-`.
 */
export function listRefusal({ method = '', remoteAddress = '' }: ListCaller, path: string): BridgeRefusal | undefined {
  if (!isLoopback(remoteAddress)) {
    return { status: 403, reason: 'list_denied', message: 'the list of meetups is for callers on this machine' };
  }
  if (path === '/meetups' && ['GET', 'HEAD'].includes(method)) return undefined;
  return { status: 404, reason: 'not_found', message: 'of the bridge itself there is GET /-/meetups alone' };
}
