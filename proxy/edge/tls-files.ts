import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ListenError } from './listen.js';
import { isLoopback, type ListenAddress } from './listen-address.js';
import type { EdgeTls } from './server.js';

export interface TlsFiles {
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly tlsClientCa: string | undefined;
  readonly tlsClientName: string | undefined;
}

/** What the files hold. */
export interface ReadTls extends EdgeTls {
  /** When the service’s certificate ends, seconds since the epoch. */
  readonly notAfter: number;
}

/**
 * The mutual TLS between the edge and the service. Whoever reaches the service can claim any identity, so a TCP address
 * that others can reach is refused without it. Undefined where a unix socket or loopback needs none.
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
  return { cert, key, clientCa, clientName: tlsClientName, notAfter: endOf(tlsCert, cert) };
}

function endOf(file: string, cert: Buffer): number {
  try {
    return Math.trunc(Date.parse(new X509Certificate(cert).validTo) / 1000);
  } catch {
    throw new ListenError(
      `--tls-cert ${file}: no certificate: name a PEM file that has one, with what it was signed by behind it`,
    );
  }
}

async function read(option: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new ListenError(
      `--${option} ${file}: ${(error as NodeJS.ErrnoException).code}: name a file that this user can read`,
    );
  }
}
