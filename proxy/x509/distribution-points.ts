import { children, type Element } from './encoding/der.js';
import { EXTENSION, type Extension } from './encoding/extensions.js';

/** The facts in a certificate that say which revocation list it belongs to. */
export interface ListClaim {
  /** True for the certificate of an authority. */
  readonly isAuthority: boolean;
  /** The names of the certificate's own distribution points, each as the hex of its GeneralName; empty where it has none. */
  readonly points: readonly string[];
}

/** `[0] fullName` of a DistributionPointName (RFC 5280 §4.2.1.13). */
const FULL_NAME = 0xa0;

/**
 * Reads the distribution points that a certificate names (RFC 5280 §4.2.1.13). It leaves out points for some reasons only, or with a
 * list of another issuer, because such lists are not read. `extensions` belong to the certificate. Throws DerFault.
 */
export function distributionPoints(der: Buffer, extensions: ReadonlyMap<string, Extension>): readonly string[] {
  const value = extensions.get(EXTENSION.crlDistributionPoints)?.value;
  if (value === undefined) return [];
  return children(der, value).flatMap((point) => {
    const fields = children(der, point);
    const name = fields.find(({ tag }) => tag === 0xa0);
    if (name === undefined || fields.some(({ tag }) => tag === 0x81 || tag === 0xa2)) return [];
    return fullNames(der, name) ?? [];
  });
}

/**
 * Reads the names in a `[0] DistributionPointName`, each as the hex of its GeneralName; undefined for a name that is relative to its
 * issuer. Throws DerFault.
 */
export function fullNames(der: Buffer, wrapped: Element): readonly string[] | undefined {
  const [name] = children(der, wrapped);
  return name?.tag === FULL_NAME ? children(der, name).map(({ at, end }) => der.toString('hex', at, end)) : undefined;
}
