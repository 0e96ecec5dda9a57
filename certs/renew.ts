import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { AUTHORITY_NAMES, loadAuthority, loadAuthorityCertificate } from './authority.js';
import { parseCredential } from './credential.js';
import { explainCertificate } from './explain.js';
import { CertsFailure } from './failure.js';
import { certificateFiles, readIfThere, writeFiles } from './files.js';
import { leafFiles } from './issue.js';
import { listOf, listPath, readLists, updateLists } from './lists.js';
import { withLock } from './lock.js';
import { findIssuer } from './revocation.js';
import { signAgain } from './sign.js';
import { DAY_MS, isoSeconds, LIST_DAYS, MAX_CERTIFICATE_DAYS, MAX_LIST_DAYS } from './validity.js';

/** A file that was looked after, whether it was made anew, and until when it is good now. */
export interface Renewal {
  readonly file: string;
  readonly renewed: boolean;
  /** ISO 8601; of a file with several lists, the first end. */
  readonly until: string;
  /** Set when it is due and its end cannot be later, because its issuer's comes first. */
  readonly held?: true;
}

/** The time for which a certificate or a list is good, in milliseconds since the epoch. */
interface Span {
  readonly from: number;
  readonly until: number;
}

const SUFFIX = '.cert.pem';

/**
 * Renews what has less than a third of its time left: the revocation lists, the certificates of servers, and the certificates of `names`. Each
 * lasts as long as its predecessor and says the same; a certificate gets a new key. Every file comes into place by rename. With
 * `all`, everything counts as due. Safe to run as often as wanted. `now`: milliseconds since the epoch, of what is due.
 *
 * @throws CertsFailure when the key of an authority is missing, a file is damaged, or a name has no certificate
 */
export async function renew(
  dir: string,
  names: readonly string[],
  all: boolean,
  now = Date.now(),
): Promise<readonly Renewal[]> {
  // Without the root's key nothing can be renewed here: said at once, and not on the day on which something is due.
  await loadAuthority(dir, 'root');
  const isDue = ({ from, until }: Span): boolean => all || until - now < (until - from) / 3;
  return withLock(dir, async () => {
    const renewals = [await renewLists(dir, isDue)];
    for (const name of await leavesIn(dir, names)) renewals.push(await renewLeaf(dir, name, isDue));
    return renewals;
  });
}

type IsDue = (span: Span) => boolean;

async function renewLists(dir: string, isDue: IsDue): Promise<Renewal> {
  const spans = await spansOfLists(dir);
  const isRenewed = spans.some(isDue) || (await isListMissing(dir));
  if (isRenewed) {
    const days = spans.length === 0 ? LIST_DAYS : Math.max(...spans.map(daysOf));
    await updateLists(dir, Math.min(days, MAX_LIST_DAYS), { target: 'root', apply: (entries) => entries });
  }
  const ends = isRenewed ? await spansOfLists(dir) : spans;
  return { file: listPath(dir), renewed: isRenewed, until: told(Math.min(...ends.map(({ until }) => until))) };
}

async function renewLeaf(dir: string, name: string, isDue: IsDue): Promise<Renewal> {
  const { cert, key } = certificateFiles(dir, name);
  const texts = await Promise.all([cert, key].map(readIfThere));
  if (texts.includes(undefined)) throw new CertsFailure(`${cert} and ${key} are not both there; name another --dir`);
  const { certificate } = parseCredential(texts.join('\n'), `${cert} and ${key}`);
  const span = spanOf(certificate);
  if (!isDue(span)) return { file: cert, renewed: false, until: told(span.until) };
  const issuer = await findIssuer(dir, certificate);
  if (issuer === undefined) throw new CertsFailure(`${cert} was signed by no authority in ${dir}; renew it at its own`);
  const authority = await loadAuthority(dir, issuer);
  const days = Math.min(daysOf(span), MAX_CERTIFICATE_DAYS);
  // An authority that ends first would have it made anew every day, to no gain.
  if (Date.parse(authority.certificate.validTo) <= span.until) {
    return { file: cert, renewed: false, until: told(span.until), held: true };
  }
  const { certificatePem, keyPem } = await signAgain(certificate, days, authority);
  const chainPem = certificatePem + (authority.name === 'root' ? '' : authority.chainPem);
  await writeFiles(leafFiles(dir, name, { chainPem, keyPem }), true);
  return { file: cert, renewed: true, until: told(spanOf(new X509Certificate(certificatePem)).until) };
}

/** The servers' certificates of the directory, and the certificates that were named. */
async function leavesIn(dir: string, names: readonly string[]): Promise<string[]> {
  const servers: string[] = [];
  for (const file of (await readdir(dir)).filter((one) => one.endsWith(SUFFIX) && !one.startsWith('.')).sort()) {
    const name = file.slice(0, -SUFFIX.length);
    if (!names.includes(name) && (await isServer(dir, name))) servers.push(name);
  }
  return [...servers, ...new Set(names)];
}

/** Made for a server, by its usages: without any, as the old scripts made them, it is a peer's as well. */
async function isServer(dir: string, name: string): Promise<boolean> {
  const { cert } = certificateFiles(dir, name);
  const text = (await readIfThere(cert)) ?? '';
  try {
    const { uses, extendedKeyUsages } = explainCertificate(new X509Certificate(text));
    return uses.includes('server') && extendedKeyUsages?.includes('serverAuth') === true;
  } catch {
    throw new CertsFailure(`${cert}: no certificate that can be read; put it back, or take it out of ${dir}`);
  }
}

/** Whether an authority that can sign here has no list: Envoy refuses every certificate of such an authority. */
async function isListMissing(dir: string): Promise<boolean> {
  const lists = await readLists(dir);
  for (const name of AUTHORITY_NAMES) {
    const certificate = await loadAuthorityCertificate(dir, name);
    if (certificate === undefined || (await readIfThere(certificateFiles(dir, name).key)) === undefined) continue;
    if (listOf(dir, lists, { name, certificate }) === undefined) return true;
  }
  return false;
}

async function spansOfLists(dir: string): Promise<Span[]> {
  return (await readLists(dir)).flatMap(({ list: { thisUpdate, nextUpdate } }) =>
    nextUpdate === undefined ? [] : [{ from: thisUpdate.getTime(), until: nextUpdate.getTime() }],
  );
}

function spanOf({ validFrom, validTo }: X509Certificate): Span {
  return { from: Date.parse(validFrom), until: Date.parse(validTo) };
}

function daysOf({ from, until }: Span): number {
  return Math.max(1, Math.round((until - from) / DAY_MS));
}

function told(time: number): string {
  return isoSeconds(new Date(time));
}
