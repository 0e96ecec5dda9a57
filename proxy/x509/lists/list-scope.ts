import { fullNames, type ListClaim } from '../distribution-points.js';
import { children, DerFault, type Element, elementAt } from '../encoding/der.js';
import { EXTENSION, type Extension } from '../encoding/extensions.js';

/** The certificates of its issuer that a revocation list covers (RFC 5280 §5.2.5). */
export interface ListScope {
  /** `all`, or one kind: the certificates of users, such as peers, or the certificates of authorities. */
  readonly certificates: 'all' | 'users' | 'authorities';
  /**
   * The names of the list's distribution point, each as the hex of its GeneralName; undefined: the list covers every point. A
   * certificate belongs to the list if it names one of these itself.
   */
  readonly points: readonly string[] | undefined;
}

/** The tag of a URI among GeneralNames. */
const URI_NAME = 0x86;

const WHOLE: ListScope = { certificates: 'all', points: undefined };

/**
 * Reads the scope of a list from its extensions. Throws DerFault, which names the kind of the list, if the list does not say enough by
 * itself: a delta, an indirect list, a list for some reasons, a list with an unknown critical extension.
 */
export function scopeOf(der: Buffer, extensions: ReadonlyMap<string, Extension>): ListScope {
  if (extensions.has(EXTENSION.deltaCrlIndicator)) {
    throw new DerFault('it is a delta list: only what changed since another is on it; give the whole list');
  }
  for (const [oid, { critical }] of extensions) {
    if (!critical || oid === EXTENSION.issuingDistributionPoint) continue;
    throw new DerFault(`critical extension ${oid}, which may change what the list means, is not known here`);
  }
  const point = extensions.get(EXTENSION.issuingDistributionPoint);
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

function pointNames(der: Buffer, wrapped: Element): readonly string[] {
  const names = fullNames(der, wrapped);
  if (names === undefined) {
    throw new DerFault('its distribution point is named relative to its issuer, which is not read');
  }
  return names;
}

/** Whether a list with this scope covers a certificate of its issuer. Envoy ends the handshake where no list of the issuer does. */
export function covers({ certificates, points }: ListScope, claim: ListClaim): boolean {
  if (certificates !== 'all' && (certificates === 'authorities') !== claim.isAuthority) return false;
  return points === undefined || points.some((point) => claim.points.includes(point));
}

/** The scope in words, to follow "the list …"; empty for a list that covers everything. */
export function scopeText({ certificates, points }: ListScope): string {
  const kind = certificates === 'all' ? '' : ` for ${certificates} only`;
  return points === undefined ? kind : `${kind} at ${points.map(pointText).join(' and ')}`;
}

function pointText(hex: string): string {
  const name = Buffer.from(hex, 'hex');
  const { tag, start, end } = elementAt(name, 0);
  return tag === URI_NAME ? JSON.stringify(name.toString('latin1', start, end)) : `#${hex}`;
}
