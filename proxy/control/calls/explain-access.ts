import type { Memory } from '../../history/memory.js';
import type { Overview } from '../../session/views/overview.js';
import { faultOf } from '../../wire/path.js';
import { DerFault } from '../../x509/encoding/der.js';
import { pemBlocks } from '../../x509/encoding/pem.js';
import { handshakeOf } from '../../x509/handshake.js';
import { hasExpired, type Identity } from '../../x509/identity.js';
import { type CertificateIdentity, identityOfCertificate } from '../../x509/identity-of-certificate.js';
import type { ExplainAccessRequest__Output } from '../generated/micronets/wsproxy/control/v1/ExplainAccessRequest.js';
import type { ExplainAccessResponse } from '../generated/micronets/wsproxy/control/v1/ExplainAccessResponse.js';
import { badField, notFound } from '../rpc/fault.js';
import type { AccessExplainer, AccessExplanation } from '../rpc/ports.js';
import { rememberedIn } from './remembered-subject.js';

/** Longest certificate that is read, characters. */
const MAX_PEM_CHARS = 65_536;

/** ExplainAccess. `now`: milliseconds since the epoch. Throws Fault. */
export function explainAccess(
  explainer: AccessExplainer,
  known: { readonly overview: Overview; readonly memory?: Memory | undefined },
  request: ExplainAccessRequest__Output,
  now: number,
): ExplainAccessResponse {
  const fault = faultOf(request.meetup_id);
  if (fault !== undefined) throw badField('meetup_id', fault);
  const { identity, closed } = subjectIn(known, request, now);
  const told = closed ?? explainer.explain(identity, request.meetup_id);
  return {
    ...told,
    steps: [...told.steps],
    fingerprint: identity.fingerprint,
    certificate_subject: identity.subject,
  };
}

interface AccessSubject {
  readonly identity: Identity;
  /** Set when the certificate is refused before expiry, revocation, blocks and policy are looked at. */
  readonly closed?: AccessExplanation;
}

function subjectIn(
  { overview, memory }: { readonly overview: Overview; readonly memory?: Memory | undefined },
  request: ExplainAccessRequest__Output,
  now: number,
): AccessSubject {
  const { certificate_pem: pem, peer_uid: uid } = request;
  if (pem !== undefined && pem !== '') {
    if (pem.length > MAX_PEM_CHARS) throw badField('certificate_pem', `must be at most ${MAX_PEM_CHARS} characters`);
    return subjectInPem(pem, now);
  }
  const remembered = rememberedIn(memory, request);
  if (remembered !== undefined) return remembered;
  if (uid === undefined || uid === '') {
    throw badField('certificate_pem', 'is needed, or peer_uid, fingerprint, subject_part or last_refused');
  }
  const peer = overview.peer(uid);
  if (peer !== undefined) return { identity: peer.identity };
  throw notFound('Peer', uid.slice(0, 128), 'no connected peer has this uid here');
}

/** The first certificate is the subject of the question; the certificates after it are its chain. */
function subjectInPem(pem: string, now: number): AccessSubject {
  const [der] = pemBlocks(pem, 'CERTIFICATE') ?? [];
  if (der === undefined) throw badField('certificate_pem', 'holds no whole PEM block of label CERTIFICATE');
  const read = identityOfCertificate(der);
  const identity = 'ok' in read ? read.ok : read.unforwarded;
  if (identity === undefined) throw badField('certificate_pem', `is no X.509 certificate: ${faultIn(read)}`);
  const fault = handshakeFault(der, now);
  // The door itself explains an expired certificate, since a peer may come by another way than Envoy.
  if (fault !== undefined && !hasExpired(identity.notAfter, now))
    return { identity, closed: refusal('tls_handshake', fault) };
  return 'ok' in read ? { identity } : { identity, closed: refusal('identity_malformed', read.fault) };
}

function handshakeFault(der: Buffer, now: number): string | undefined {
  try {
    return handshakeOf(der, now).fault;
  } catch (fault) {
    if (fault instanceof DerFault) throw badField('certificate_pem', `is no X.509 certificate: ${fault.message}`);
    throw fault;
  }
}

function faultIn(read: CertificateIdentity): string {
  return 'fault' in read ? read.fault : '';
}

function refusal(word: string, reason: string): AccessExplanation {
  return { allowed: false, refusal: word, role: '', rule: '', reason, steps: [] };
}
