import { certificateIn } from './certificate.js';
import { distributionPoints, type ListClaim } from './distribution-points.js';
import { children, DerFault, dottedOid, type Element, epochSeconds, expect, tags } from './encoding/der.js';
import { EXTENSION, type Extension, extensionsIn } from './encoding/extensions.js';

/** The facts of a client's certificate that Envoy, as it is configured here, looks at before it asks the service. */
export interface Handshake {
  /** The reason why Envoy ends the handshake whatever the policy says; undefined when it does not. One sentence without a full stop. */
  readonly fault: string | undefined;
  /** The revocation lists of its issuer to which the certificate belongs. */
  readonly claim: ListClaim;
}

const EC = '1.2.840.10045.2.1';
/** The keys that a client may sign the handshake with: `signature_algorithms` in envoy/lds.yaml; BoringSSL has no others of them. */
const KEYS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.1', 'RSA'],
  ['1.3.101.112', 'Ed25519'],
  ['1.2.840.10045.3.1.7', 'EC P-256'],
  ['1.3.132.0.34', 'EC P-384'],
  ['1.3.132.0.35', 'EC P-521'],
]);
/** Names of other keys that occur in certificates, for messages. */
const OTHER_KEYS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.10', 'RSA-PSS'],
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.3.101.113', 'Ed448'],
  ['1.3.132.0.10', 'EC secp256k1'],
  ['1.3.132.0.33', 'EC P-224'],
  ['1.3.36.3.3.2.8.1.1.7', 'EC brainpoolP256r1'],
]);

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_PURPOSE = '2.5.29.37.0';
/** Critical extensions that BoringSSL knows. */
const KNOWN_CRITICAL: ReadonlySet<string> = new Set([
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.basicConstraints,
  EXTENSION.subjectAltName,
  EXTENSION.nameConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.inhibitAnyPolicy,
]);

/**
 * Judges a client's certificate as Envoy does by itself; its signature is not checked. `now` in milliseconds since the epoch. Throws
 * DerFault when the bytes are no certificate.
 */
export function handshakeOf(der: Buffer, now: number): Handshake {
  const { key, validity, extensions: wrapped } = certificateIn(der);
  const extensions = extensionsIn(der, wrapped);
  return {
    fault:
      keyFault(der, expect(key, tags.sequence, 'the key')) ??
      validityFault(der, expect(validity, tags.sequence, 'the validity'), now) ??
      usageFault(der, extensions) ??
      criticalFault(extensions),
    claim: { isAuthority: isAuthority(der, extensions), points: distributionPoints(der, extensions) },
  };
}

/** The fault of a key, from its SubjectPublicKeyInfo; an unknown kind of key is named by its dotted OID. */
function keyFault(der: Buffer, info: Element): string | undefined {
  const [algorithm] = children(der, info);
  const [id, parameters] = children(der, expect(algorithm, tags.sequence, 'the key’s algorithm'));
  const kind = dottedOid(der, expect(id, tags.oid, 'the key’s algorithm'));
  const oid = kind === EC && parameters?.tag === tags.oid ? dottedOid(der, parameters) : kind;
  if (KEYS.has(oid)) return undefined;
  const name = OTHER_KEYS.get(oid) ?? (kind === EC ? `EC ${oid}` : oid);
  return `its key is ${name}, with which Envoy takes no client: use ${[...KEYS.values()].join(', ')}`;
}

function validityFault(der: Buffer, validity: Element, now: number): string | undefined {
  const [notBefore, notAfter] = children(der, validity).map((time) => epochSeconds(der, time) * 1000);
  if (notBefore === undefined || notAfter === undefined) throw new DerFault('the validity is cut off');
  if (now < notBefore) {
    return `it is not valid before ${iso(notBefore)}, and the clock of this machine says ${iso(now)}`;
  }
  return now > notAfter ? `it expired at ${iso(notAfter)}` : undefined;
}

function usageFault(der: Buffer, extensions: ReadonlyMap<string, Extension>): string | undefined {
  const usage = extensions.get(EXTENSION.keyUsage)?.value;
  // A BIT STRING: the number of unused bits, then the bits from the highest of each byte.
  if (usage !== undefined && ((der[usage.start + 1] ?? 0) & 0x80) === 0) {
    return 'its key usage is without digitalSignature, by which a client signs the handshake';
  }
  const purposes = extensions.get(EXTENSION.extendedKeyUsage)?.value;
  if (purposes === undefined) return undefined;
  const named = children(der, purposes).map((purpose) => dottedOid(der, purpose));
  if (named.includes(CLIENT_AUTH)) return undefined;
  const any = named.includes(ANY_PURPOSE) ? '; "any" is not enough for Envoy' : '';
  return `its extended key usage is without clientAuth${any}: name clientAuth, or leave the extension out`;
}

function criticalFault(extensions: ReadonlyMap<string, Extension>): string | undefined {
  for (const [oid, { critical }] of extensions) {
    if (critical && !KNOWN_CRITICAL.has(oid)) return `its critical extension ${oid} is not known to Envoy`;
  }
  return undefined;
}

function isAuthority(der: Buffer, extensions: ReadonlyMap<string, Extension>): boolean {
  const value = extensions.get(EXTENSION.basicConstraints)?.value;
  const [flag] = value === undefined ? [] : children(der, value);
  return flag?.tag === tags.boolean && der[flag.start] !== 0;
}

function iso(milliseconds: number): string {
  return new Date(Math.trunc(milliseconds / 1000) * 1000).toISOString();
}
