import { canonicalNames } from '../canonical-names.js';
import type { ListClaim } from '../distribution-points.js';
import type { Identity } from '../identity.js';
import type { RevocationList } from './crl.js';
import { covers, type ListScope, scopeText } from './list-scope.js';

/** The reason why whole and signed lists must not replace the lists in force. */
export interface ListFault {
  readonly fault: string;
  /** The time from which the same lists are good, seconds since the Unix epoch; absent if time does not help. */
  readonly fitFrom?: number;
}

/**
 * Judges lists before they come into force. A list must not be stale, begin later than now, or be older than the list in force, and no
 * list may be gone. At the start nothing is in force, and a stale list is better than none. `now` in seconds since the Unix epoch.
 */
export function judgeLists(
  lists: readonly RevocationList[],
  inForce: readonly RevocationList[] | undefined,
  now: number,
): ListFault | undefined {
  const future = lists.find((list) => list.thisUpdate > now);
  if (future !== undefined) {
    const fault = `begins at ${day(future.thisUpdate)}, which is yet to come: the clock of this machine says ${day(Math.trunc(now))}`;
    return { fault, fitFrom: future.thisUpdate };
  }
  if (inForce === undefined || inForce.length === 0) return undefined;
  const stale = staleAmong(lists, now);
  if (stale !== undefined) return { fault: stale };
  for (const before of inForce) {
    const next = successor(lists, before);
    if (next === undefined) return { fault: `has no list of ${listName(before)}, which has one in force` };
    if (next.thisUpdate < before.thisUpdate) {
      return { fault: `is of ${day(next.thisUpdate)}, older than the list in force (${day(before.thisUpdate)})` };
    }
  }
  return undefined;
}

/** The newest list that covers all users' certificates that the earlier list covers. */
function successor(lists: readonly RevocationList[], before: RevocationList): RevocationList | undefined {
  return lists
    .filter(({ issuer, scope }) => issuer === before.issuer && succeeds(scope, before.scope))
    .reduce<RevocationList | undefined>(
      (newest, list) => (newest !== undefined && newest.thisUpdate >= list.thisUpdate ? newest : list),
      undefined,
    );
}

function succeeds(scope: ListScope, before: ListScope): boolean {
  if (scope.points !== undefined && !before.points?.some((point) => scope.points?.includes(point))) return false;
  if (before.certificates === 'authorities') return scope.certificates !== 'users';
  return scope.certificates !== 'authorities';
}

/** The issuer and scope of a list, for messages. */
function listName({ issuer, scope }: RevocationList): string {
  return JSON.stringify(issuer) + scopeText(scope);
}

/** Names the list that is past its nextUpdate, in words; undefined if none is. `now` in seconds since the Unix epoch. */
export function staleAmong(lists: readonly RevocationList[], now: number): string | undefined {
  const stale = lists.find(({ nextUpdate }) => nextUpdate !== undefined && nextUpdate <= now);
  if (stale?.nextUpdate === undefined) return undefined;
  return `is stale since ${day(stale.nextUpdate)}: its issuer must publish a new one`;
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/**
 * The reason why Envoy, with these lists, ends the handshake of a certificate that no list covers; undefined when one does. Envoy also
 * refuses a certificate that is revoked. `issuer` is the canonical text of the certificate's issuer, `now` in seconds since the Unix
 * epoch.
 */
export function uncovered(
  lists: readonly RevocationList[],
  issuer: string,
  claim: ListClaim,
  now: number,
): string | undefined {
  const own = lists.filter((list) => list.issuer === issuer);
  if (own.length === 0) return `there is no revocation list of its issuer (${issuer}), and so Envoy refuses it`;
  const about = own.filter(({ scope }) => covers(scope, claim));
  if (about.length === 0) {
    const scopes = own.map(({ scope }) => scopeText(scope).trim()).join('; ');
    return `no revocation list of its issuer is about it (they are ${scopes}), and so Envoy refuses it`;
  }
  if (about.some(({ thisUpdate, nextUpdate }) => thisUpdate <= now && (nextUpdate === undefined || nextUpdate > now))) {
    return undefined;
  }
  return `the revocation list of its issuer is not in time, and so Envoy refuses it`;
}

/** Whether a certificate is on one of the lists. */
export function isListed(lists: readonly RevocationList[], identity: Identity): boolean {
  const { issuer } = canonicalNames(identity);
  return lists.some((list) => list.issuer === issuer && list.serials.has(identity.serial));
}
