import type { Registry } from '../session/registry.js';
import type { Identity } from '../wire/identity.js';
import { identityOfCertificate } from '../wire/identity-of-certificate.js';
import { faultOf } from '../wire/path.js';
import { pemBlocks } from '../wire/pem.js';
import { badField, notFound } from './fault.js';
import type { ExplainAccessRequest__Output } from './generated/micronets/wsproxy/control/v1/ExplainAccessRequest.js';
import type { ExplainAccessResponse } from './generated/micronets/wsproxy/control/v1/ExplainAccessResponse.js';
import type { AccessExplainer } from './ports.js';

/** Longest certificate that is read, characters. */
const MAX_PEM_CHARS = 65_536;

/** ExplainAccess. Throws Fault. */
export function explainAccess(
  explainer: AccessExplainer,
  registry: Registry,
  request: ExplainAccessRequest__Output,
): ExplainAccessResponse {
  const fault = faultOf(request.meetup_id);
  if (fault !== undefined) throw badField('meetup_id', fault);
  const identity = identityIn(registry, request);
  const told = explainer.explain(identity, request.meetup_id);
  return {
    ...told,
    steps: [...told.steps],
    fingerprint: identity.fingerprint,
    certificate_subject: identity.subject,
  };
}

function identityIn(registry: Registry, request: ExplainAccessRequest__Output): Identity {
  const { certificate_pem: pem, peer_uid: uid } = request;
  if (pem !== undefined && pem !== '') {
    if (pem.length > MAX_PEM_CHARS) throw badField('certificate_pem', `must be at most ${MAX_PEM_CHARS} characters`);
    return identityOfPem(pem);
  }
  if (uid === undefined || uid === '') throw badField('certificate_pem', 'is needed, or peer_uid');
  for (const peer of registry.peers) if (peer.uid === uid) return peer.admission.identity;
  throw notFound('Peer', uid.slice(0, 128), 'no connected peer has this uid here');
}

/** The first certificate is who it is about; what follows is its chain. */
function identityOfPem(pem: string): Identity {
  const [der] = pemBlocks(pem, 'CERTIFICATE') ?? [];
  if (der === undefined) throw badField('certificate_pem', 'holds no whole PEM block of label CERTIFICATE');
  const reading = identityOfCertificate(der);
  if ('fault' in reading) throw badField('certificate_pem', `is no X.509 certificate: ${reading.fault}`);
  return reading.ok;
}
