import { Door, type DoorAnswer, refuseCertificate } from '../proxy/policy/door.js';
import { MAX_DENY_LIST_BYTES, readDenyList } from '../proxy/policy/lists/deny-list.js';
import type { Reading } from '../proxy/policy/lists/last-good-file.js';
import { anyOf, type Revocations, revokedBy } from '../proxy/policy/lists/revocations.js';
import { readBounded, UnreadableFile } from '../proxy/policy/lists/watched-file.js';
import { readPolicy } from '../proxy/policy/policy-file.js';
import { ANY_VERIFIED, anyVerified } from '../proxy/policy/rules/any-verified.js';
import { NO_RIGHTS, type Rights } from '../proxy/policy/rules/rights.js';
import type { CompiledPolicy, RuleAnswer } from '../proxy/policy/rules/ruling.js';
import { MAX_POLICY_BYTES } from '../proxy/policy/rules/schema.js';
import type { RefusalLabel } from '../proxy/wire/close.js';
import { faultOf, meetupIdFrom } from '../proxy/wire/path.js';
import { canonicalNames } from '../proxy/x509/canonical-names.js';
import type { ListClaim } from '../proxy/x509/distribution-points.js';
import { DerFault } from '../proxy/x509/encoding/der.js';
import { pemBlocks } from '../proxy/x509/encoding/pem.js';
import { handshakeOf } from '../proxy/x509/handshake.js';
import { hasExpired, type Identity } from '../proxy/x509/identity.js';
import { identityOfCertificate } from '../proxy/x509/identity-of-certificate.js';
import { listsIn, MAX_CRL_BYTES, type RevocationList } from '../proxy/x509/lists/crl.js';
import { authoritiesIn } from '../proxy/x509/lists/crl-authorities.js';
import { uncovered } from '../proxy/x509/lists/crl-checks.js';

/** A question that cannot be answered, since a file is missing or broken. The message is for people. */
export class ExplainFailure extends Error {
  override readonly name = 'ExplainFailure';
  readonly exitCode = 2;
}

export interface Question {
  /** Certificate file, PEM (a key beside it is not read) or DER. */
  readonly certificate: string;
  /** URL, request path or meetup id. */
  readonly target: string;
  /** The text before the meetup id in a URL or a path: `--path-prefix` of serve; the usual one when absent. */
  readonly pathPrefix?: string;
  /** Policy file, or `any-verified`. */
  readonly policy: string;
  readonly crl?: string;
  /** CA file that must have signed the CRL. */
  readonly crlCa?: string;
  readonly denyList?: string;
}

/** The service's answer to an upgrade with that certificate at that meetup. */
export interface Answer {
  readonly allowed: boolean;
  /** Row of the close table that would refuse it; none where Envoy ends the TLS handshake. */
  readonly label?: RefusalLabel;
  /** Set when Envoy ends the TLS handshake, so that the service never hears of it. */
  readonly handshake?: true;
  readonly reason: string;
  readonly rule?: string;
  readonly role?: string;
  readonly limits?: object;
  /** Set while the policy only audits. */
  readonly wouldDeny?: string;
  readonly meetupId: string;
  readonly identity: Identity;
  /** The rights of the certificate at the control API. */
  readonly control: Rights;
  readonly rules: readonly RuleAnswer[];
}

/** Largest certificate file, in bytes. */
const MAX_CERTIFICATE_BYTES = 1024 * 1024;

/** Answers from files alone, as the service would. Throws ExplainFailure. `now`: milliseconds since the epoch. */
export async function explainOffline(question: Question, now: number): Promise<Answer> {
  const { identity, fault, der } = await readIdentity(question.certificate);
  const policy = await openPolicy(question.policy);
  const revocations = await openRevocations(question);
  const handshake = usableDer(question.certificate, () => handshakeOf(der, now));
  const path = targetOf(question.target, question.pathPrefix);
  const isGood = refuseCertificate({ now: () => now, revocations }, identity) === undefined;
  const control = isGood && policy !== undefined ? policy.rightsOf(identity) : NO_RIGHTS;
  const told = { meetupId: path.meetupId, identity, control };
  const ended = handshake.fault ?? revocations.uncovered(identity, handshake.claim, now / 1000);
  if (ended !== undefined && !hasExpired(identity.notAfter, now)) {
    return { ...told, allowed: false, handshake: true, reason: ended, rules: [] };
  }
  if ('label' in path) return { ...told, ...path, allowed: false, rules: [] };
  if (fault !== undefined) {
    return { ...told, allowed: false, label: 'identity_malformed', reason: fault, rules: [] };
  }

  const door = new Door({ now: () => now, revocations, policy: policy ?? anyVerified });
  const { answer, rules } = door.explain(identity, path.meetupId);
  return { ...told, rules, ...verdictOf(answer) };
}

function verdictOf(answer: DoorAnswer): Omit<Answer, 'meetupId' | 'identity' | 'control' | 'rules'> {
  if (!('label' in answer)) return answer;
  const { label, detail, rule } = answer;
  return { allowed: false, label, reason: detail, ...(rule !== undefined && { rule }) };
}

type Target =
  | { readonly meetupId: string }
  | { readonly meetupId: string; readonly label: RefusalLabel; readonly reason: string };

function targetOf(text: string, prefix?: string): Target {
  const path = /^[a-z]+:\/\/[^/?#]*(?<path>\/.*)$/i.exec(text)?.groups?.['path'] ?? text;
  if (!path.startsWith('/')) {
    const fault = faultOf(path);
    return fault === undefined ? { meetupId: path } : { meetupId: path, label: 'meetup_id_invalid', reason: fault };
  }
  const read = meetupIdFrom(path, prefix);
  return 'ok' in read ? { meetupId: read.ok } : { meetupId: path, label: read.refused, reason: read.detail };
}

/** A certificate as the service would see it. */
interface IdentityFile {
  readonly der: Buffer;
  readonly identity: Identity;
  /** The reason why the service would not read it from the edge's headers. */
  readonly fault: string | undefined;
}

async function readIdentity(path: string): Promise<IdentityFile> {
  const content = await readFileOf(path, MAX_CERTIFICATE_BYTES, 'the certificate');
  const [block] = pemBlocks(content.toString('latin1'), 'CERTIFICATE') ?? [];
  const der = block ?? content;
  const read = identityOfCertificate(der);
  if ('ok' in read) return { der, identity: read.ok, fault: undefined };
  if (read.unforwarded !== undefined) return { der, identity: read.unforwarded, fault: read.fault };
  throw new ExplainFailure(`${path}: not a certificate in PEM or DER form: ${read.fault}`);
}

async function openPolicy(path: string): Promise<CompiledPolicy | undefined> {
  if (path === ANY_VERIFIED) return undefined;
  return usable(readPolicy(path, await readFileOf(path, MAX_POLICY_BYTES, '--policy')));
}

interface Lists extends Revocations {
  /** The reason why Envoy ends the handshake by its lists; undefined without lists, too. */
  uncovered(identity: Identity, claim: ListClaim, now: number): string | undefined;
}

async function openRevocations({ crl, crlCa, denyList }: Question): Promise<Lists> {
  const all: Revocations[] = [];
  let inForce: readonly RevocationList[] | undefined;
  if (crl !== undefined) {
    const pem =
      crlCa === undefined ? undefined : (await readFileOf(crlCa, MAX_CERTIFICATE_BYTES, '--crl-ca')).toString('latin1');
    const authorities = pem === undefined ? undefined : usableDer(crlCa ?? '', () => authoritiesIn(pem));
    const content = await readFileOf(crl, MAX_CRL_BYTES, '--crl');
    const { lists } = usableDer(crl, () => listsIn(content, authorities));
    all.push({ check: (identity) => revokedBy(lists, identity) });
    inForce = lists;
  }
  if (denyList !== undefined) {
    all.push(usable(readDenyList(denyList, await readFileOf(denyList, MAX_DENY_LIST_BYTES, '--deny-list'))));
  }
  const known = inForce;
  return {
    ...anyOf(all),
    uncovered: (identity, claim, now) => known && uncovered(known, canonicalNames(identity).issuer, claim, now),
  };
}

/** `what`: the option that names the file. */
async function readFileOf(path: string, maxBytes: number, what: string): Promise<Buffer> {
  try {
    return await readBounded(path, maxBytes);
  } catch (error) {
    throw error instanceof UnreadableFile ? new ExplainFailure(`${error.message} (${what})`) : error;
  }
}

function usable<T>(reading: Reading<T>): T {
  if ('fault' in reading) throw new ExplainFailure(reading.fault);
  return reading.ok;
}

function usableDer<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DerFault ? new ExplainFailure(`${path}: ${error.message}`) : error;
  }
}
