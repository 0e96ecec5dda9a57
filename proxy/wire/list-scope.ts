import { children, DerFault, type Element, elementAt } from './der.js';
import type { Extension } from './extensions.js';

/** Which certificates of its issuer a revocation list is about (RFC 5280 §5.2.5). */
export interface ListScope {
  /** `all`, or one kind: those of users, such as peers, or those of authorities. */
  readonly certificates: 'all' | 'users' | 'authorities';
  /**
   * The names of the distribution point that it is for, each as the hex of its GeneralName; undefined: for each. A certificate belongs
   * to it that names one of them itself.
   */
  readonly points: readonly string[] | undefined;
}

const DELTA = '2.5.29.27';
const ISSUING_DISTRIBUTION_POINT = '2.5.29.28';
const DISTRIBUTION_POINTS = '2.5.29.31';
/** `[0] fullName` of a DistributionPointName, and the URI among GeneralNames. */
const FULL_NAME = 0xa0;
const URI_NAME = 0x86;

const WHOLE: ListScope = { certificates: 'all', points: undefined };

/**
 * The scope of a list, by its extensions. Throws DerFault, which says what the list is, for one that does not say enough by itself: a
 * delta, an indirect list, one for some reasons, one with a critical extension that is not known.
 */
export function scopeOf(der: Buffer, extensions: ReadonlyMap<string, Extension>): ListScope {
  if (extensions.has(DELTA)) {
    throw new DerFault('it is a delta list: only what changed since another is on it; give the whole list');
  }
  for (const [oid, { critical }] of extensions) {
    if (!critical || oid === ISSUING_DISTRIBUTION_POINT) continue;
    throw new DerFault(`critical extension ${oid}, which may change what the list means, is not known here`);
  }
  const point = extensions.get(ISSUING_DISTRIBUTION_POINT);
  return point === undefined ? WHOLE : issuingPoint(der, point.value);
}

function issuingPoint(der: Buffer, value: Element): ListScope {
  let points: readonly string[] | undefined;
  const flags = new Set<number>();
  for (const field of children(der, value)) {
    if (field.tag === 0xa0) points = pointNames(der, field);
    else if (field.tag === 0x83) throw new DerFault('it is a list for some reasons only; give the one for all reasons');
    else if (field.end > field.start && der[field.start] !== 0) flags.add(field.tag);
  }
  if (flags.has(0x84)) {
    throw new DerFault('it is an indirect list: it has certificates of other issuers; give each issuer’s own list');
  }
  if (flags.has(0x85)) throw new DerFault('it is a list of attribute certificates, which no peer has');
  if (flags.has(0x81) && flags.has(0x82)) throw new DerFault('it is for users only and for authorities only');
  return { certificates: flags.has(0x81) ? 'users' : flags.has(0x82) ? 'authorities' : 'all', points };
}

/** The names in a `[0] DistributionPointName`. */
function pointNames(der: Buffer, wrapped: Element): readonly string[] {
  const [name] = children(der, wrapped);
  if (name?.tag !== FULL_NAME)
    throw new DerFault('its distribution point is named relative to its issuer, which is not read');
  return children(der, name).map(({ at, end }) => der.toString('hex', at, end));
}

/** What a certificate says of the list that it belongs to. */
export interface ListClaim {
  /** True for the certificate of an authority. */
  readonly isAuthority: boolean;
  /** The names of its own distribution points, as in ListScope; none where it has none. */
  readonly points: readonly string[];
}

/**
 * Which distribution points a certificate names (RFC 5280 §4.2.1.13). Those for some reasons only, or with a list of another issuer,
 * are left out: their lists are not read. `extensions` are the certificate's. Throws DerFault.
 */
export function distributionPoints(der: Buffer, extensions: ReadonlyMap<string, Extension>): readonly string[] {
  const value = extensions.get(DISTRIBUTION_POINTS)?.value;
  if (value === undefined) return [];
  return children(der, value).flatMap((point) => {
    const fields = children(der, point);
    const name = fields.find(({ tag }) => tag === 0xa0);
    if (name === undefined || fields.some(({ tag }) => tag === 0x81 || tag === 0xa2)) return [];
    const [full] = children(der, name);
    return full?.tag === FULL_NAME ? children(der, full).map(({ at, end }) => der.toString('hex', at, end)) : [];
  });
}

/** Whether a list of that scope is about a certificate of its issuer. Envoy ends the handshake where no list of the issuer is. */
export function covers({ certificates, points }: ListScope, claim: ListClaim): boolean {
  if (certificates !== 'all' && (certificates === 'authorities') !== claim.isAuthority) return false;
  return points === undefined || points.some((point) => claim.points.includes(point));
}

/** A scope in words, behind "the list …"; empty for a list about everything. */
export function scopeText({ certificates, points }: ListScope): string {
  const kind = certificates === 'all' ? '' : ` for ${certificates} only`;
  return points === undefined ? kind : `${kind} at ${points.map(pointText).join(' and ')}`;
}

function pointText(hex: string): string {
  const name = Buffer.from(hex, 'hex');
  const { tag, start, end } = elementAt(name, 0);
  return tag === URI_NAME ? JSON.stringify(name.toString('latin1', start, end)) : `#${hex}`;
}
