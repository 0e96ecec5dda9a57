import { anyVerified } from '../proxy/policy/any-verified.js';
import { authoritiesIn, listsIn, MAX_CRL_BYTES } from '../proxy/policy/crl.js';
import { revokedBy } from '../proxy/policy/crl-checks.js';
import type { Decision } from '../proxy/policy/decision.js';
import { MAX_DENY_LIST_BYTES, readDenyList } from '../proxy/policy/deny-list.js';
import type { Reading } from '../proxy/policy/last-good-file.js';
import { readPolicy } from '../proxy/policy/policy-file.js';
import { anyOf, type Revocations } from '../proxy/policy/revocations.js';
import { NO_RIGHTS, type Rights } from '../proxy/policy/rights.js';
import type { CompiledPolicy, RuleAnswer } from '../proxy/policy/ruling.js';
import { MAX_POLICY_BYTES } from '../proxy/policy/schema.js';
import { readBounded, UnreadableFile } from '../proxy/policy/watched-file.js';
import type { RefusalLabel } from '../proxy/wire/close.js';
import { DerFault } from '../proxy/wire/der.js';
import type { Identity } from '../proxy/wire/identity.js';
import { identityOfCertificate } from '../proxy/wire/identity-of-certificate.js';
import { faultOf, meetupIdFrom } from '../proxy/wire/path.js';
import { pemBlocks } from '../proxy/wire/pem.js';

/** What cannot be asked: a file that is missing or broken. The message is for people. */
export class ExplainFailure extends Error {
  override readonly name = 'ExplainFailure';
  readonly exitCode = 2;
}

export interface Question {
  /** Certificate file, PEM (a key beside it is not read) or DER. */
  readonly certificate: string;
  /** URL, request path or meetup id. */
  readonly target: string;
  /** What stands before the meetup id in a URL or a path: `--path-prefix` of serve; the usual one when absent. */
  readonly pathPrefix?: string;
  /** Policy file, or `any-verified`. */
  readonly policy: string;
  readonly crl?: string;
  /** CA file that must have signed the CRL. */
  readonly crlCa?: string;
  readonly denyList?: string;
}

/** What the service would answer to an upgrade with that certificate at that meetup. */
export interface Answer {
  readonly allowed: boolean;
  /** Row of the close table that would refuse it. */
  readonly label?: RefusalLabel;
  readonly reason: string;
  readonly rule?: string;
  readonly role?: string;
  readonly limits?: object;
  /** Set while the policy only audits. */
  readonly wouldDeny?: string;
  readonly meetupId: string;
  readonly identity: Identity;
  /** What the certificate may do by the control API. */
  readonly control: Rights;
  readonly rules: readonly RuleAnswer[];
}

/** Largest certificate file, in bytes. */
const MAX_CERTIFICATE_BYTES = 1024 * 1024;

/** Answers from files alone, as the service would. Throws ExplainFailure. `now`: milliseconds since the epoch. */
export async function explainOffline(question: Question, now: number): Promise<Answer> {
  const identity = await readIdentity(question.certificate);
  const policy = await openPolicy(question.policy);
  const revocations = await openRevocations(question);
  const path = targetOf(question.target, question.pathPrefix);
  const control = policy === undefined ? NO_RIGHTS : policy.rightsOf(identity);
  const told = { meetupId: path.meetupId, identity, control };
  if ('label' in path) return { ...told, ...path, allowed: false, rules: [] };

  const { decision, rules } =
    policy === undefined
      ? { decision: anyVerified.decide(identity, path.meetupId), rules: [] }
      : policy.explain(identity, path.meetupId);
  return { ...told, rules, ...verdict(identity, decision, revocations, now) };
}

/** In the order in which the service looks: the certificate's time, the lists, the policy. */
function verdict(identity: Identity, decision: Decision, revocations: Revocations, now: number) {
  if (identity.notAfter * 1000 <= now) {
    const reason = `the certificate expired at ${new Date(identity.notAfter * 1000).toISOString()}`;
    return { allowed: false, label: 'certificate_expired', reason } as const;
  }
  const revoked = revocations.check(identity);
  if (revoked !== undefined) return { allowed: false, label: revoked.label, reason: revoked.detail } as const;
  return decision.allowed ? decision : ({ ...decision, label: 'policy_denied' } as const);
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

async function readIdentity(path: string): Promise<Identity> {
  const content = await readFileOf(path, MAX_CERTIFICATE_BYTES);
  const [block] = pemBlocks(content.toString('latin1'), 'CERTIFICATE') ?? [];
  const identity = identityOfCertificate(block ?? content);
  if ('fault' in identity) throw new ExplainFailure(`${path}: not a certificate in PEM or DER form: ${identity.fault}`);
  return identity.ok;
}

async function openPolicy(path: string): Promise<CompiledPolicy | undefined> {
  if (path === 'any-verified') return undefined;
  return usable(readPolicy(path, await readFileOf(path, MAX_POLICY_BYTES)));
}

async function openRevocations({ crl, crlCa, denyList }: Question): Promise<Revocations> {
  const lists: Revocations[] = [];
  if (crl !== undefined) {
    const authorities = crlCa === undefined ? undefined : (await readFileOf(crlCa, MAX_CERTIFICATE_BYTES)).toString();
    const content = await readFileOf(crl, MAX_CRL_BYTES);
    const read = der(crl, () => listsIn(content, authorities === undefined ? undefined : authoritiesIn(authorities)));
    lists.push({ check: (identity) => revokedBy(read, identity) });
  }
  if (denyList !== undefined) {
    lists.push(usable(readDenyList(denyList, await readFileOf(denyList, MAX_DENY_LIST_BYTES))));
  }
  return anyOf(lists);
}

async function readFileOf(path: string, maxBytes: number): Promise<Buffer> {
  try {
    return await readBounded(path, maxBytes);
  } catch (error) {
    throw error instanceof UnreadableFile ? new ExplainFailure(error.message) : error;
  }
}

function usable<T>(reading: Reading<T>): T {
  if ('fault' in reading) throw new ExplainFailure(reading.fault);
  return reading.ok;
}

function der<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DerFault ? new ExplainFailure(`${path}: ${error.message}`) : error;
  }
}
