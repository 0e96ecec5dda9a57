import { canonicalNames } from '../canonical-names.js';
import type { ListClaim } from '../distribution-points.js';
import type { Identity } from '../identity.js';
import type { RevocationList } from './crl.js';
import { covers, type ListScope, scopeText } from './list-scope.js';

/** Why lists that are whole and signed must not take the place of those in force. */
export interface Unfit {
  readonly fault: string;
  /** When time alone makes them fit, seconds since the Unix epoch. */
  readonly fitFrom?: number;
}

/**
 * Judges lists before they come into force: not stale, not begun later than now, not older than those in force, and none gone.
 * At the start nothing is in force, and a stale list is better than none. `now` in seconds since the Unix epoch.
 */
export function judgeLists(
  lists: readonly RevocationList[],
  inForce: readonly RevocationList[] | undefined,
  now: number,
): Unfit | undefined {
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

/** The newest list that is about all of the users' certificates that the earlier one is about. */
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

/** Issuer and scope of a list. */
function listName({ issuer, scope }: RevocationList): string {
  return JSON.stringify(issuer) + scopeText(scope);
}

/** Which list is past its nextUpdate, in words, or undefined. `now` in seconds since the Unix epoch. */
export function staleAmong(lists: readonly RevocationList[], now: number): string | undefined {
  const stale = lists.find(({ nextUpdate }) => nextUpdate !== undefined && nextUpdate <= now);
  if (stale?.nextUpdate === undefined) return undefined;
  return `is stale since ${day(stale.nextUpdate)}: its issuer must publish a new one`;
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/**
 * Why Envoy, where it has those lists, ends the handshake of a certificate whether it is on one or not; undefined when it does not. What
 * is revoked it refuses besides. `issuer` is the canonical text of the certificate's issuer, `now` in seconds since the Unix epoch.
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
