import type { KeyObject, X509Certificate } from 'node:crypto';
import { DerFault } from '../proxy/x509/encoding/der.js';
import { SIGNATURE } from '../proxy/x509/encoding/signature.js';
import { handshakeOf } from '../proxy/x509/handshake.js';
import { identityOfCertificate } from '../proxy/x509/identity-of-certificate.js';
import { publishedKeyFault } from '../proxy/x509/published-keys.js';
import { type Anatomy, alternativeNamesOf, dissect, keyUsagesOf, type Names } from './anatomy.js';
import { serialOf } from './credential.js';
import { formatName } from './name.js';
import { daysUntil, EXPIRY_WARNING_DAYS, inDays, isoSeconds } from './validity.js';

/** The uses that a certificate can have here. The policy says what a client may do. */
export type Use = 'authority' | 'server' | 'client';

/** A certificate, explained, as `certs show -o json` prints it. */
export interface CertificateFacts {
  /** RFC 4514, most specific part first, as Envoy forwards it and as policies match it. */
  readonly subject: string;
  readonly issuer: string;
  readonly names: Names;
  /** Lower-case hex without leading zeros. */
  readonly serial: string;
  /** SHA-256 of the DER, 64 lower-case hex digits. */
  readonly fingerprint: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whole days until `notAfter`; negative when it is past. */
  readonly daysLeft: number;
  /** Kind of key, for example `EC P-256`. */
  readonly key: string;
  /** Key usages, or null when the certificate allows all of them. */
  readonly keyUsages: readonly string[] | null;
  /** Extended key usages by name or OID, or null when the certificate allows all of them. */
  readonly extendedKeyUsages: readonly string[] | null;
  readonly uses: readonly Use[];
  /** The facts that a policy's `match` may name: the attributes of its subject that have text, by type; null when there are none. */
  readonly match: Readonly<Record<string, string | readonly string[]>> | null;
  readonly warnings: readonly string[];
}

/** Shortest RSA key that Envoy loads, in bits. */
const MIN_RSA_BITS = 2048;

const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['2.5.29.37.0', 'any'],
]);
const CURVES: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);
const SHA1_SIGNATURES: ReadonlySet<string> = new Set([SIGNATURE.sha1WithRsa, SIGNATURE.ecdsaWithSha1]);

/** Explains a certificate by itself: nothing here looks at its signer, or at a revocation list. */
export function explainCertificate(certificate: X509Certificate, now = Date.now()): CertificateFacts {
  const anatomy = dissect(certificate.raw);
  const purposes = certificate.keyUsage?.map((oid) => PURPOSES.get(oid) ?? oid) ?? null;
  const names = readable('subject alternative names', NO_NAMES, () => alternativeNamesOf(anatomy));
  const keyUsages = readable('key usage', null, () => keyUsagesOf(anatomy) ?? null);
  const facts = {
    subject: formatName(anatomy.subject),
    issuer: formatName(anatomy.issuer),
    names: names.value,
    serial: serialOf(certificate),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    notBefore: isoSeconds(new Date(certificate.validFrom)),
    notAfter: isoSeconds(new Date(certificate.validTo)),
    daysLeft: daysUntil(new Date(certificate.validTo), now),
    key: describeKey(certificate.publicKey),
    keyUsages: keyUsages.value,
    extendedKeyUsages: purposes,
    match: matchOf(certificate.raw),
  };
  const damage = [names, keyUsages].flatMap(({ fault }) => fault ?? []);
  if (damage.length > 0) return { ...facts, uses: [], warnings: [...publishedWarnings(certificate), ...damage] };
  const clientFault = clientFaultOf(certificate);
  const uses = certificate.ca ? (['authority'] as const) : leafUses(facts, certificate, clientFault);
  return { ...facts, uses, warnings: warningsOf({ ...facts, uses }, { certificate, anatomy, clientFault, now }) };
}

const NO_NAMES: Names = { dns: [], ip: [], uri: [], email: [], others: 0 };

/** The content of an extension; or nothing, and the warning that it is damaged. Node reads a certificate without looking into each. */
function readable<T>(what: string, nothing: T, read: () => T): { readonly value: T; readonly fault?: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    return {
      value: nothing,
      fault: `its ${what} cannot be read (${error.message}): Envoy and OpenSSL refuse it; issue another`,
    };
  }
}

/** The values of each type in the subject, as the service sees them. */
function matchOf(der: Buffer): CertificateFacts['match'] {
  const read = identityOfCertificate(der);
  const fields = ('ok' in read ? read.ok : read.unforwarded)?.fields ?? [];
  const types = new Map<string, string[]>();
  for (const { type, value } of fields) types.set(type, [...(types.get(type) ?? []), value]);
  if (types.size === 0) return null;
  return Object.fromEntries(
    [...types].map(([type, [only = '', ...more]]) => [type, more.length > 0 ? [only, ...more] : only]),
  );
}

/** The reason why the certificate lets no client in, at a time within its validity: Envoy ends the handshake, or the service refuses the identity. */
function clientFaultOf({ raw, validFrom }: X509Certificate): string | undefined {
  try {
    const { fault } = handshakeOf(raw, Date.parse(validFrom));
    if (fault !== undefined) return `as a client Envoy refuses it: ${fault}`;
  } catch (fault) {
    if (!(fault instanceof DerFault)) throw fault;
    return `as a client Envoy refuses it: ${fault.message}`;
  }
  const identity = identityOfCertificate(raw);
  return 'ok' in identity ? undefined : `as a client the service refuses it (identity_malformed): ${identity.fault}`;
}

type BareFacts = Omit<CertificateFacts, 'uses' | 'warnings'>;

function leafUses(facts: BareFacts, { publicKey }: X509Certificate, clientFault: string | undefined): Use[] {
  if (facts.keyUsages !== null && !facts.keyUsages.includes('digitalSignature')) return [];
  // Neither Envoy nor OpenSSL takes the purpose "any" for a certificate of a server.
  const isForServers = facts.extendedKeyUsages === null || facts.extendedKeyUsages.includes('serverAuth');
  return [
    ...(isForServers && !isNameless(facts) && isServerKey(publicKey) ? (['server'] as const) : []),
    ...(clientFault === undefined ? (['client'] as const) : []),
  ];
}

/** Keys that Envoy loads with a server's certificate. */
function isServerKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
  return asymmetricKeyType === 'ed25519' || CURVES.has(asymmetricKeyDetails?.namedCurve ?? '');
}

/** Envoy loads no server certificate that has neither a CN nor a subject alternative name. */
function isNameless({ subject, names }: BareFacts): boolean {
  return !/(?:^|[,+])CN=/.test(subject) && namesCount(names) === 0;
}

interface Evidence {
  readonly certificate: X509Certificate;
  readonly anatomy: Anatomy;
  readonly clientFault: string | undefined;
  readonly now: number;
}

function warningsOf(
  facts: Omit<CertificateFacts, 'warnings'>,
  { certificate, anatomy, clientFault, now }: Evidence,
): string[] {
  return [
    ...publishedWarnings(certificate),
    ...validityWarnings(certificate, facts, now),
    ...clientWarnings(facts, clientFault),
    ...useWarnings(facts),
    ...strengthWarnings(certificate.publicKey, anatomy),
  ];
}

function publishedWarnings({ raw }: X509Certificate): string[] {
  const published = publishedKeyFault(raw);
  return published === undefined ? [] : [published];
}

function validityWarnings(certificate: X509Certificate, { daysLeft, notBefore }: BareFacts, now: number): string[] {
  if (Date.parse(certificate.validTo) <= now) return ['expired: Envoy refuses it; issue another'];
  if (Date.parse(certificate.validFrom) > now) return [`not valid before ${notBefore}: Envoy refuses it until then`];
  return daysLeft < EXPIRY_WARNING_DAYS ? [`expires in ${inDays(daysLeft)}; issue another`] : [];
}

/** A certificate for servers alone was never meant for a client. */
function clientWarnings(
  { uses, extendedKeyUsages, keyUsages }: Omit<CertificateFacts, 'warnings'>,
  clientFault: string | undefined,
): string[] {
  if (clientFault === undefined || uses.includes('authority')) return [];
  if (keyUsages !== null && !keyUsages.includes('digitalSignature')) return [];
  const isMeant = extendedKeyUsages === null || ['any', 'clientAuth'].some((one) => extendedKeyUsages.includes(one));
  return isMeant ? [clientFault] : [];
}

function useWarnings(facts: Omit<CertificateFacts, 'warnings'>): string[] {
  if (facts.uses.includes('authority')) return [];
  if (facts.uses.length === 0) return ['its usages allow neither server nor client; issue another'];
  const forServer = facts.extendedKeyUsages === null || facts.extendedKeyUsages.includes('serverAuth');
  if (forServer && isNameless(facts)) {
    return [`neither CN nor SAN: Envoy does not load it as a server certificate${fineAsClient(facts)}`];
  }
  if (facts.uses.includes('server') && facts.names.dns.length + facts.names.ip.length === 0) {
    return [`no DNS or IP name: as a server certificate it fails in clients that check the name${fineAsClient(facts)}`];
  }
  return [];
}

function fineAsClient({ uses }: Pick<CertificateFacts, 'uses'>): string {
  return uses.includes('client') ? '; as a client certificate it is fine' : '';
}

function strengthWarnings(key: KeyObject, { signatureAlgorithm }: Anatomy): string[] {
  const bits = key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : MIN_RSA_BITS;
  return [
    ...(bits < MIN_RSA_BITS ? [`an RSA key of ${bits} bits: too short; issue another with an EC key`] : []),
    ...(SHA1_SIGNATURES.has(signatureAlgorithm) ? ['signed with SHA-1; issue another'] : []),
  ];
}

function describeKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const curve = asymmetricKeyDetails?.namedCurve;
  if (asymmetricKeyType === 'ec' && curve !== undefined) return `EC ${CURVES.get(curve) ?? curve}`;
  if (asymmetricKeyType === 'rsa') return `RSA ${asymmetricKeyDetails?.modulusLength}`;
  return asymmetricKeyType ?? 'unknown';
}

function namesCount({ dns, ip, uri, email, others }: Names): number {
  return dns.length + ip.length + uri.length + email.length + others;
}
