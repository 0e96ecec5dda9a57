import { X509Certificate } from 'node:crypto';
import { once as event } from 'node:events';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { type Failed, failureOf, openWay, type Way } from './way.js';

/** The server's side of a handshake, whichever authority signed its certificate. */
export interface Shown {
  readonly t: 'shown';
  readonly certificate: X509Certificate;
  /** The certificates that came with it, and its CA where the file of `--ca` has it. */
  readonly chain: readonly X509Certificate[];
  /** The protocol that it chose of `h2` and `http/1.1`; undefined when none. */
  readonly protocol: string | undefined;
}

/** Our own certificate and key, PEM; where there are none that can be used, nothing is shown to the server. */
export interface OwnCredentials {
  readonly cert?: string;
  readonly key?: string;
}

/** Longest chain that is looked at. */
const MAX_CHAIN = 10;

/**
 * A TLS connection whatever the server's certificate is: the checks judge that by themselves, and nothing that is said on it is
 * secret. The socket is the caller's to destroy.
 */
export async function openTls(
  way: Way,
  own: OwnCredentials,
  options: Pick<ConnectionOptions, 'servername' | 'ALPNProtocols'>,
): Promise<{ readonly t: 'open'; readonly socket: TLSSocket } | Failed> {
  const opened = await openWay(way);
  if (opened.t === 'failed') return opened;
  const { servername } = options;
  const socket = connectTls({
    ...own,
    ...options,
    socket: opened.socket,
    // SNI carries names only (RFC 6066 §3).
    servername: servername === undefined || isIP(servername) !== 0 ? '' : servername,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
  });
  socket.on('error', () => {});
  try {
    await event(socket, 'secureConnect', { signal: AbortSignal.timeout(way.timeout) });
    return { t: 'open', socket };
  } catch (error) {
    socket.destroy();
    return failureOf(error, way.timeout);
  }
}

/** Makes a handshake, looks, and hangs up. */
export async function lookAtTls(way: Way, own: OwnCredentials, servername: string): Promise<Shown | Failed> {
  const opened = await openTls(way, own, { servername, ALPNProtocols: ['h2', 'http/1.1'] });
  if (opened.t === 'failed') return opened;
  const { socket } = opened;
  try {
    const certificates = chainOf(socket.getPeerCertificate(true));
    const [certificate, ...chain] = certificates;
    if (certificate === undefined)
      return { t: 'failed', code: 'NO_CERTIFICATE', text: 'the server shows no certificate' };
    return { t: 'shown', certificate, chain, protocol: socket.alpnProtocol || undefined };
  } finally {
    socket.destroy();
  }
}

function chainOf(leaf: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let at: DetailedPeerCertificate | undefined = leaf;
  while (at?.raw !== undefined && chain.length < MAX_CHAIN) {
    chain.push(new X509Certificate(at.raw));
    at = at.issuerCertificate === at ? undefined : at.issuerCertificate;
  }
  return chain;
}
