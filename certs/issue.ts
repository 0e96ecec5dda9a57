import type { Authority } from './authority.js';
import { usageFailure } from './failure.js';
import { certificateFiles, type NewFile, PRIVATE_MODE, PUBLIC_MODE } from './files.js';
import type { Role } from './role.js';
import { signCertificate } from './sign.js';
import { type AlternativeNames, parseNames, parseSubject, type Subject } from './subject.js';
import { MAX_CERTIFICATE_DAYS } from './validity.js';
import * as x509 from './x509.js';

/** A leaf to make. */
export interface LeafRequest {
  readonly role: Role;
  readonly subject: Subject;
  readonly names: AlternativeNames;
  /** Days of validity, 1 to `MAX_CERTIFICATE_DAYS`; it never goes past the end of its issuer. */
  readonly days: number;
}

/** A leaf and its key, PEM. */
export interface Leaf {
  /** The leaf, then the intermediate if it signed the leaf; never the root. */
  readonly chainPem: string;
  readonly keyPem: string;
}

/** Organisation of a subject when none is given. */
export const DEFAULT_ORGANISATION = 'Micronets';
/** The names of a server's certificate when none is given: this machine by every name that it has for itself. */
export const LOOPBACK_NAMES: AlternativeNames = { dns: ['localhost'], ip: ['127.0.0.1', '::1'] };
/** No name beside the subject. */
export const NO_NAMES: AlternativeNames = { dns: [], ip: [] };

/** Makes a key and a leaf certificate for it. @throws CertsFailure when the request cannot be met */
export async function issueLeaf(authority: Authority, request: LeafRequest): Promise<Leaf> {
  const subject = parseSubject(request.subject);
  const names = parseNames(request.names);
  if (!Number.isInteger(request.days) || request.days < 1 || request.days > MAX_CERTIFICATE_DAYS) {
    throw usageFailure(`--days ${request.days}: give 1 to ${MAX_CERTIFICATE_DAYS}`);
  }
  const alternative = alternativeNames(names);
  if (request.role === 'server' && names.dns.length + names.ip.length === 0) {
    throw usageFailure(
      'a server certificate without a name; give --dns or --ip, or clients cannot check whom they reached',
    );
  }
  if (Object.keys(subject).length === 0) throw usageFailure('a certificate without a subject; give --o or --cn');
  const { certificatePem, keyPem } = await signCertificate(
    { subject, days: request.days, extensions: [...leafExtensions(request.role), ...alternative] },
    authority,
  );
  const above = authority.name === 'root' ? '' : authority.chainPem;
  return { chainPem: certificatePem + above, keyPem };
}

/** The three files of a leaf: certificate, key, and both (key first, as the old scripts wrote them). */
export function leafFiles(dir: string, name: string, leaf: Leaf): NewFile[] {
  const paths = certificateFiles(dir, name);
  return [
    { path: paths.cert, text: leaf.chainPem, mode: PUBLIC_MODE },
    { path: paths.key, text: leaf.keyPem, mode: PRIVATE_MODE },
    { path: paths.pkeycert, text: leaf.keyPem + leaf.chainPem, mode: PRIVATE_MODE },
  ];
}

function leafExtensions(role: Role): x509.Extension[] {
  const purpose = role === 'server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([purpose]),
  ];
}

function alternativeNames({ dns, ip, spiffe }: AlternativeNames): x509.Extension[] {
  const names: x509.JsonGeneralNames = [
    ...dns.map((value) => ({ type: x509.DNS, value }) as const),
    ...ip.map((value) => ({ type: x509.IP, value }) as const),
    ...(spiffe === undefined ? [] : [{ type: x509.URL, value: spiffe } as const]),
  ];
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
}
