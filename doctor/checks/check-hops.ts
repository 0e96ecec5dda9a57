import type { X509Certificate } from 'node:crypto';
import { type Credential, pairCredential, parsePem } from '../../certs/credential.js';
import { explainCertificate } from '../../certs/explain.js';
import { CertsFailure } from '../../certs/failure.js';
import type { Config } from '../../proxy/config/options.js';
import { ListenError } from '../../proxy/door/listen.js';
import { parseListen } from '../../proxy/door/listen-address.js';
import { hopTls } from '../../proxy/door/tls-files.js';
import { hasName, type MutualTls } from '../../proxy/transport/mutual-tls.js';
import { fault, type Judgement, notChecked, ok } from '../finding.js';
import { type Answer, ask } from '../look/ask.js';
import type { Host } from '../look/host.js';
import type { Failed } from '../look/way.js';
import { judgeOwnValidity } from './check-own-certificate.js';
import { leadsTo } from './check-server-certificate.js';

const WHY = 'peers that landed on another replica are refused there, and only the others tell what this one serves';
const ISSUE =
  'issue one of that CA with that name, for servers and for clients; put it into place by rename, key first';

/** May another replica hand on a peer to this one: do certificate, key, CA and name of the hops fit? */
export async function checkHopCertificate({ plan: { config } }: Host): Promise<Judgement> {
  if ('fault' in config) return notChecked('the options cannot be read: see configuration');
  const address = addressOf(config.hopListen);
  if (address === undefined) return notChecked('the service has no hop listener: it is a replica alone');
  if ('fault' in address)
    return fault(`--hop-listen ${config.hopListen}: ${address.fault}`, WHY, 'write it as HOST:PORT');
  try {
    const tls = await hopTls(address.ok, config);
    if (tls !== undefined) return judgeHopCertificate(tls, Date.now());
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    return fault(error.message, 'the service does not start', 'mend what it names');
  }
  return ok(
    address.ok.t === 'unix' ? 'hops come over a unix socket, without TLS' : 'hops come over loopback, without TLS',
  );
}

/** `now`: milliseconds since the epoch. */
export function judgeHopCertificate(tls: MutualTls, now: number): Judgement {
  let own: Credential;
  let authorities: readonly X509Certificate[];
  let chain: readonly X509Certificate[];
  try {
    const text = { path: '--hop-cert', text: String(tls.cert) };
    own = pairCredential(text, { path: '--hop-key', text: String(tls.key) });
    [, ...chain] = parsePem(text.text, text.path).certificates;
    authorities = parsePem(String(tls.ca), '--hop-ca').certificates;
  } catch (error) {
    if (!(error instanceof CertsFailure)) throw error;
    return fault(error.message, WHY, 'name the right files with --hop-cert, --hop-key and --hop-ca');
  }
  const { certificate } = own;
  if (!leadsTo(certificate, chain, authorities)) {
    return fault('the certificate of --hop-cert leads to no CA of --hop-ca, which the others check', WHY, ISSUE);
  }
  if (!hasName({ subjectaltname: certificate.subjectAltName ?? '' }, tls.name)) {
    const names = certificate.subjectAltName || 'no name at all';
    return fault(`the certificate of --hop-cert is not for ${tls.name} (--hop-name) but for ${names}`, WHY, ISSUE);
  }
  const { uses } = explainCertificate(certificate, Date.parse(certificate.validFrom));
  const missing = (['server', 'client'] as const).filter((use) => !uses.includes(use));
  if (missing.length > 0) {
    return fault(`the certificate of --hop-cert may not be that of a ${missing.join(' or a ')}`, WHY, ISSUE);
  }
  return judgeOwnValidity(certificate, now, { why: WHY, after: WHY, todo: ISSUE });
}

/** Does the hop listener answer as the others dial it? */
export async function checkHopListener(host: Host): Promise<Judgement> {
  const { config, timeout } = host.plan;
  if ('fault' in config) return notChecked('the options cannot be read: see configuration');
  const text = config.advertise ?? config.hopListen;
  const address = addressOf(text);
  if (address === undefined) return notChecked('the service has no hop listener: it is a replica alone');
  if ('fault' in address) return fault(`--advertise ${text}: ${address.fault}`, WHY, 'write it as HOST:PORT');
  if (address.ok.t === 'unix') return notChecked(`the hop listener is a socket, ${address.ok.path}: see sockets`);
  const { host: name, port } = address.ok;
  const tls = await hopTls(address.ok, config).catch(() => undefined);
  if (tls === undefined)
    return notChecked('the hop listener is on loopback, or its files cannot be used: see hop-certificate');
  const own = { cert: String(tls.cert), key: String(tls.key) };
  const answer = await ask({ host: name, port, via: undefined, timeout }, own, name, { path: '/' });
  return judgeHopListener(`${name}:${port}`, answer);
}

export function judgeHopListener(address: string, answer: Answer | Failed): Judgement {
  const todo = 'start the service; mend --advertise, or what stands in the way; it must be reached from every replica';
  if (answer.t === 'failed') return fault(`the hop listener at ${address}: ${answer.text}`, WHY, todo);
  if (answer.kind === 'peers') return ok(`the hop listener answers at ${address}`);
  return fault(`who answers at ${address} is no ws-proxy: ${answer.reason}`, WHY, todo);
}

function addressOf(text: Config['hopListen']): ReturnType<typeof parseListen> | undefined {
  return text === undefined ? undefined : parseListen(text);
}
