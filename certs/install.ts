import { type Authority, type AuthorityName, loadAuthorityCertificate } from './authority.js';
import { parseCredential } from './credential.js';
import { certificateFiles, PRIVATE_MODE, PUBLIC_MODE, writeFiles } from './files.js';
import { listWithNew } from './lists.js';
import { type SignedCertificate, signCertificate } from './sign.js';
import type { Subject } from './subject.js';
import * as x509 from './x509.js';

/** The wishes for a new authority. */
export interface AuthorityRequest {
  readonly subject: Subject;
  readonly days: number;
  /** True to replace the authority that is there. */
  readonly force: boolean;
}

/** Makes a root in `dir`, with an empty revocation list. The caller holds the lock. @throws CertsFailure when a root is there */
export async function installRoot(dir: string, request: AuthorityRequest): Promise<Authority> {
  return install(dir, 'root', await signRoot(request), request.force);
}

/** Makes an intermediate under `root`, with an empty list beside the root's. The caller holds the lock. As `installRoot`. */
export async function installIntermediate(dir: string, root: Authority, request: AuthorityRequest): Promise<Authority> {
  return install(dir, 'intermediate', await signIntermediate(root, request), request.force);
}

async function install(
  dir: string,
  name: AuthorityName,
  signed: SignedCertificate,
  force: boolean,
): Promise<Authority> {
  const { cert, key } = certificateFiles(dir, name);
  const authority = { ...parseCredential(signed.certificatePem + signed.keyPem, cert), name };
  // A replaced intermediate keeps its list: the certificates that it signed are still trusted.
  const replaced = name === 'root' ? await loadAuthorityCertificate(dir, name) : undefined;
  await writeFiles(
    [
      { path: cert, text: signed.certificatePem, mode: PUBLIC_MODE },
      { path: key, text: signed.keyPem, mode: PRIVATE_MODE },
      await listWithNew(dir, authority, replaced),
    ],
    force,
  );
  return authority;
}

function signRoot({ subject, days }: AuthorityRequest): Promise<SignedCertificate> {
  return signCertificate({ subject, days, extensions: authorityExtensions(undefined) });
}

/** It signs leaves only, and ends with its root at the latest. */
function signIntermediate(root: Authority, { subject, days }: AuthorityRequest): Promise<SignedCertificate> {
  return signCertificate({ subject, days, extensions: authorityExtensions(0) }, root);
}

function authorityExtensions(pathLength: number | undefined): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}
