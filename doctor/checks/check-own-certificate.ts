import type { X509Certificate } from 'node:crypto';
import { explainCertificate } from '../../certs/explain.js';
import { EXPIRY_WARNING_DAYS, inDays } from '../../certs/validity.js';
import { publishedKeyFault } from '../../proxy/x509/published-keys.js';
import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import type { Answer } from '../look/ask.js';
import type { Door, Own } from '../look/door.js';
import type { Failed } from '../look/way.js';

const ISSUE = 'issue another: ws-proxy certs issue NAME --force';
/** What comes of a client's certificate out of its time, and what is to be done. */
const OF_CLIENT = {
  why: 'Envoy ends the handshake',
  after: 'its connections end and it gets in no more',
  todo: ISSUE,
};
const UNREAD = 'certificate and key cannot be used together: see own-key';

/** Can certificate and key be read, and do they belong together? */
export async function checkOwnKey(door: Door): Promise<Judgement> {
  return judgeOwnKey(await door.own(), door.plan.files.cert);
}

export function judgeOwnKey(own: Own, file: string): Judgement {
  const why = 'without a certificate and its key nobody gets in';
  if (own.t === 'unusable') return fault(own.text, why, 'name the right files with --cert and --key');
  const published = publishedKeyFault(own.certificate.raw);
  if (published !== undefined) return fault(`${file}: ${published}`, 'anybody can be this peer', ISSUE);
  return ok(`${file}: certificate and key belong together`);
}

/** Is our certificate in its time? */
export async function checkOwnValidity(door: Door): Promise<Judgement> {
  const own = await door.own();
  return own.t === 'unusable' ? notChecked(UNREAD) : judgeOwnValidity(own.certificate, Date.now());
}

/** `now`: milliseconds since the epoch. */
export function judgeOwnValidity(
  certificate: X509Certificate,
  now: number,
  { why, after, todo } = OF_CLIENT,
): Judgement {
  const { notBefore, notAfter, daysLeft } = explainCertificate(certificate, now);
  if (Date.parse(notAfter) <= now) return fault(`it expired at ${notAfter}`, why, todo);
  if (Date.parse(notBefore) > now) {
    const what = `it is not valid before ${notBefore}, and the clock here says ${new Date(now).toISOString()}`;
    return fault(what, `until then ${why}`, 'set the clock of whoever is wrong, or wait');
  }
  const isDue = Date.parse(notAfter) - now < (Date.parse(notAfter) - Date.parse(notBefore)) / 3;
  if (daysLeft < EXPIRY_WARNING_DAYS && isDue) {
    return warning(`it ends in ${inDays(daysLeft)}`, `then ${after}`, todo);
  }
  return ok(`it is good for ${inDays(daysLeft)} more`);
}

/** Is it of a kind, and for a use, that Envoy takes from a client? */
export async function checkOwnKind(door: Door): Promise<Judgement> {
  const own = await door.own();
  return own.t === 'unusable' ? notChecked(UNREAD) : judgeOwnKind(own.certificate);
}

export function judgeOwnKind(certificate: X509Certificate): Judgement {
  // At a time within its validity: that is a check of its own.
  const { key, uses, warnings } = explainCertificate(certificate, Date.parse(certificate.validFrom));
  if (uses.includes('client')) return ok(`it may be shown by a client; its key is ${key}`);
  const what = uses.includes('authority')
    ? 'it is a CA, not the certificate of a client'
    : (warnings.find((one) => one.startsWith('as a client')) ??
      `it is for ${uses.join(', ') || 'nothing'}, not for a client`);
  return fault(what, 'Envoy ends the handshake, and TLS says no more than that', ISSUE);
}

/** Does the proxy take it? */
export async function checkAccepted(door: Door): Promise<Judgement> {
  const own = await door.own();
  if (own.t === 'unusable') return notChecked(UNREAD);
  if ((await door.shown()).t === 'failed') return notChecked('no TLS came about: see port');
  return judgeAccepted(await door.greeting());
}

export function judgeAccepted(greeting: Answer | Failed): Judgement {
  if (greeting.t === 'answered') return ok('the proxy takes the certificate');
  const { code, text } = greeting;
  if (code === 'TIMEOUT') return notChecked(text);
  const why = 'the handshake ends before the proxy learns who asks';
  if (code.includes('REVOKED')) return fault(text, why, `${ISSUE}; an operator can say why: ws-proxy certs show`);
  if (code.includes('UNKNOWN_CA')) {
    const todo = 'use a certificate of the CA that the proxy trusts; which one signed yours: ws-proxy certs show FILE';
    return fault(text, why, todo);
  }
  if (code.includes('EXPIRED')) {
    const todo = `compare the clocks, then ${ISSUE}; a revocation list that is stale is refused alike: see revocation-list on the proxy's host`;
    return fault(text, why, todo);
  }
  const todo = `${ISSUE}; what Envoy has against it stands in its log, in the line with "kind":"handshake"`;
  return fault(text, why, todo);
}
