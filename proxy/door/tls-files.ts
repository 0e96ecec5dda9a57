import { X509Certificate } from 'node:crypto';
import { readBounded, UnreadableFile } from '../policy/lists/watched-file.js';
import { publishedKeyFaultIn } from '../x509/published-keys.js';
import { ListenError } from './listen.js';
import { isLoopback, type ListenAddress } from './listen-address.js';
import type { EdgeTls } from './server.js';

export interface TlsFiles {
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly tlsClientCa: string | undefined;
  readonly tlsClientName: string | undefined;
}

/** The content of the TLS files. */
export interface ReadTls extends EdgeTls {
  /** Begin and end of the service's certificate, seconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Largest of the files, in bytes. */
const MAX_TLS_FILE_BYTES = 1024 * 1024;

/** Returns the reason for which an edge with the same clock refuses the service's certificate; undefined while it is valid. `now` in seconds. */
export function timeFault({ notBefore, notAfter }: ReadTls, now: number): string | undefined {
  const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
  if (now >= notBefore && now < notAfter) return undefined;
  return `the certificate is valid from ${iso(notBefore)} to ${iso(notAfter)}, and the clock of this machine says ${iso(Math.trunc(now))}`;
}

/**
 * Reads the mutual TLS between the edge and the service. A client that reaches the service can claim any identity, so a TCP address
 * that others can reach is refused without TLS. Undefined where a unix socket or loopback needs none.
 */
export async function edgeTls(address: ListenAddress, files: TlsFiles): Promise<ReadTls | undefined> {
  const { tlsCert, tlsKey, tlsClientCa, tlsClientName } = files;
  const given = [tlsCert, tlsKey, tlsClientCa, tlsClientName].filter((one) => one !== undefined).length;
  if (address.t === 'unix') {
    if (given > 0)
      throw new ListenError('--tls-…: a unix socket needs no TLS: drop these options or listen on HOST:PORT');
    return undefined;
  }
  if (tlsCert === undefined || tlsKey === undefined || tlsClientCa === undefined || tlsClientName === undefined) {
    if (given === 0 && isLoopback(address.host)) return undefined;
    throw new ListenError(
      `--listen ${address.host}:${address.port}: anyone who reaches it could claim any identity: ` +
        'give --tls-cert, --tls-key, --tls-client-ca and --tls-client-name, or listen on unix:PATH',
    );
  }
  const [cert, key, clientCa] = await Promise.all([
    read('tls-cert', tlsCert),
    read('tls-key', tlsKey),
    read('tls-client-ca', tlsClientCa),
  ]);
  refusePublished('tls-client-ca', tlsClientCa, clientCa);
  refusePublished('tls-cert', tlsCert, cert);
  const { validFrom, validTo } = certificateIn(tlsCert, cert);
  const notBefore = Math.trunc(Date.parse(validFrom) / 1000);
  return {
    cert,
    key,
    clientCa,
    clientName: tlsClientName,
    notBefore,
    notAfter: Math.trunc(Date.parse(validTo) / 1000),
  };
}

function certificateIn(file: string, cert: Buffer): X509Certificate {
  try {
    return new X509Certificate(cert);
  } catch {
    throw new ListenError(
      `--tls-cert ${file}: no certificate: name a PEM file that has one, with what it was signed by behind it`,
    );
  }
}

/** Refuses a key that others have published: whoever has the key of a trusted certificate can pose as the edge or the service. */
function refusePublished(option: string, file: string, content: Buffer): void {
  const fault = publishedKeyFaultIn(content.toString('latin1'));
  if (fault !== undefined) throw new ListenError(`--${option} ${file}: ${fault}`);
}

async function read(option: string, file: string): Promise<Buffer> {
  try {
    return await readBounded(file, MAX_TLS_FILE_BYTES);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new ListenError(`--${option} ${error.message}: name a file that this user can read`);
  }
}
