import type { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { daysUntil, EXPIRY_WARNING_DAYS, inDays } from '../../certs/validity.js';
import { publishedKeyFault } from '../../proxy/x509/published-keys.js';
import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import type { Door } from '../look/door.js';
import type { Shown } from '../look/tls-look.js';
import type { Failed } from '../look/way.js';

const NONE_SHOWN = 'no TLS came about, so there is no certificate to look at';

/** Does the server's certificate lead to the CA that is trusted here? */
export async function checkChain(door: Door): Promise<Judgement> {
  const [shown, authorities] = [await door.shown(), await door.authorities()];
  return judgeChain(shown, authorities, door.plan.files.ca);
}

export function judgeChain(
  shown: Shown | Failed,
  authorities: readonly X509Certificate[] | Failed,
  file: string,
): Judgement {
  const why = 'whoever answers there could be anybody, so every peer and every command hangs up';
  if ('t' in authorities) return fault(authorities.text, why, 'name the CA of the proxy with --ca');
  const published = authorities.map(({ raw }) => publishedKeyFault(raw)).find((one) => one !== undefined);
  if (published !== undefined) return fault(`${file}: ${published}`, why, 'ws-proxy certs init, and issue anew');
  if (shown.t === 'failed') return notChecked(NONE_SHOWN);
  const { certificate, chain } = shown;
  if (leadsTo(certificate, chain, authorities)) return ok(`its certificate leads to a CA in ${file}`);
  return fault(
    `its certificate, signed by ${oneLine(certificate.issuer)}, leads to no CA in ${file}`,
    why,
    'take root.cert.pem from where the proxy runs and name it with --ca',
  );
}

/** Whether signatures lead from a certificate, by those that came with it, to a trusted one. Time is not looked at. */
export function leadsTo(
  leaf: X509Certificate,
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  const seen = new Set<string>();
  let at: X509Certificate | undefined = leaf;
  while (at !== undefined && !seen.has(at.fingerprint256)) {
    const current: X509Certificate = at;
    const signs = (one: X509Certificate): boolean => current.checkIssued(one) && current.verify(one.publicKey);
    seen.add(current.fingerprint256);
    if (authorities.some((one) => one.fingerprint256 === current.fingerprint256 || signs(one))) return true;
    at = chain.find((one) => !seen.has(one.fingerprint256) && signs(one));
  }
  return false;
}

/** Is it in its time? */
export async function checkExpiry(door: Door): Promise<Judgement> {
  return judgeExpiry(await door.shown(), Date.now());
}

/** `now`: milliseconds since the epoch. */
export function judgeExpiry(shown: Shown | Failed, now: number): Judgement {
  if (shown.t === 'failed') return notChecked(NONE_SHOWN);
  const { certificate } = shown;
  const why = 'everybody who checks it hangs up';
  const renew = 'where the proxy runs: ws-proxy certs renew, or put a new certificate into place by rename, key first';
  const [from, to] = [certificate.validFrom, certificate.validTo].map((text) => new Date(text)) as [Date, Date];
  if (to.getTime() <= now) return fault(`its certificate expired at ${to.toISOString()}`, why, renew);
  if (from.getTime() > now) {
    const what = `its certificate begins at ${from.toISOString()}, and the clock here says ${new Date(now).toISOString()}`;
    return fault(what, why, 'set the clock of this machine, or that of who issued it');
  }
  const days = daysUntil(to, now);
  // One that is issued for less has no month left from the start.
  const isDue = to.getTime() - now < (to.getTime() - from.getTime()) / 3;
  if (days < EXPIRY_WARNING_DAYS && isDue)
    return warning(`its certificate ends in ${inDays(days)}`, `then ${why}`, renew);
  return ok(`its certificate is good for ${inDays(days)} more`);
}

/** Is it for the name that is dialled? */
export async function checkServerName(door: Door): Promise<Judgement> {
  return judgeServerName(await door.shown(), door.plan.servername);
}

export function judgeServerName(shown: Shown | Failed, name: string): Judgement {
  if (shown.t === 'failed') return notChecked(NONE_SHOWN);
  const { certificate } = shown;
  if (checkServerIdentity(name, legacy(certificate)) === undefined) return ok(`its certificate is for ${name}`);
  const names = certificate.subjectAltName ?? '';
  const kind = /^[\d.]+$|:/.test(name) ? '--ip' : '--dns';
  return fault(
    `its certificate is not for ${name} but for ${names === '' ? `no name at all (${oneLine(certificate.subject)})` : names}`,
    'a client that checks whom it dials hangs up',
    `dial a name that it has, or say which to expect: --servername NAME; or, where the proxy runs: ws-proxy certs issue server --force ${kind} ${name}, with the other names likewise`,
  );
}

function legacy(certificate: X509Certificate): PeerCertificate {
  return certificate.toLegacyObject() as PeerCertificate;
}

/** Node writes an attribute a line. */
function oneLine(name: string): string {
  return name === '' ? 'nobody' : name.split('\n').join(', ');
}
