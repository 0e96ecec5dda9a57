import { X509Certificate } from 'node:crypto';
import { type AuthorityName, loadAuthority } from '../authority.js';
import { explainCertificate } from '../explain.js';
import { listWarnings } from '../explain-list.js';
import { usageFailure } from '../failure.js';
import { certificateFiles, writeFiles } from '../files.js';
import { DEFAULT_ORGANISATION, issueLeaf, LOOPBACK_NAMES, leafFiles, NO_NAMES } from '../issue.js';
import { withLock } from '../lock.js';
import { ROLES, type Role } from '../role.js';
import type { AlternativeNames, Subject } from '../subject.js';
import { inDays } from '../validity.js';
import type { Outcome } from './outcome.js';

/** Options of `certs issue`. */
export interface IssueOptions {
  readonly dir: string;
  readonly role?: Role;
  readonly o?: string;
  readonly ou?: string;
  readonly cn?: string;
  readonly spiffe?: string;
  readonly dns: readonly string[];
  readonly ip: readonly string[];
  readonly days: number;
  readonly issuer: AuthorityName;
  readonly force: boolean;
}

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Issues a certificate and key into `NAME.cert.pem`, `NAME.key.pem` and `NAME.pkeycert.pem`. */
export async function issue(name: string, options: IssueOptions): Promise<Outcome> {
  if (!FILE_NAME.test(name))
    throw usageFailure(`${JSON.stringify(name)} cannot name a file; use letters, digits, . _ and -`);
  if (name === 'root' || name === 'intermediate')
    throw usageFailure(`${name} is an authority; make it with ws-proxy certs init`);
  const { dir, days } = options;
  const role = options.role ?? ROLES.find((candidate) => candidate === name) ?? 'client';
  const authority = await loadAuthority(dir, options.issuer);
  const leaf = await issueLeaf(authority, {
    role,
    subject: subjectOf(name, options),
    names: namesOf(role, options),
    days,
  });
  await withLock(dir, () => writeFiles(leafFiles(dir, name, leaf), options.force));
  const facts = explainCertificate(new X509Certificate(leaf.chainPem));
  const files = certificateFiles(dir, name);
  const short = facts.daysLeft < days - 1;
  return {
    lines: [
      `issued ${facts.subject} (${role}), valid until ${facts.notAfter}`,
      `  sha-256 ${facts.fingerprint}`,
      ...Object.values(files).map((path) => `  ${path}`),
    ],
    json: { role, issuer: options.issuer, ...files, certificate: facts },
    warnings: [
      ...(short ? [`it ends with the ${options.issuer}, in ${inDays(facts.daysLeft)} and not in ${days}`] : []),
      ...(await listWarnings(dir)),
    ],
  };
}

/** The subject that was asked for and no more: `--o` alone makes a subject of O only. */
function subjectOf(name: string, { o, ou, cn }: IssueOptions): Subject {
  const unit = ou !== undefined && { ou };
  if (o === undefined && cn === undefined) return { o: DEFAULT_ORGANISATION, ...unit, cn: name };
  return { ...(o !== undefined && { o }), ...unit, ...(cn !== undefined && { cn }) };
}

function namesOf(role: Role, { dns, ip, spiffe }: IssueOptions): AlternativeNames {
  const given = { dns, ip, ...(spiffe !== undefined && { spiffe }) };
  if (dns.length + ip.length > 0) return given;
  return { ...given, ...(role === 'server' ? LOOPBACK_NAMES : NO_NAMES) };
}
