import { X509Certificate } from 'node:crypto';
import { readBounded, UnreadableFile } from '../policy/lists/watched-file.js';
import type { MutualTls } from '../transport/mutual-tls.js';
import { publishedKeyFaultIn } from '../x509/published-keys.js';
import { ListenError } from './listen.js';
import { isLoopback, type ListenAddress } from './listen-address.js';

/** Options of the mutual TLS between the edge and the service. */
export interface TlsFiles {
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly tlsClientCa: string | undefined;
  readonly tlsClientName: string | undefined;
}

/** Options of the mutual TLS between replicas. */
export interface HopTlsFiles {
  readonly hopCert: string | undefined;
  readonly hopKey: string | undefined;
  readonly hopCa: string | undefined;
  readonly hopName: string | undefined;
}

/** The content of the TLS files. */
export interface ReadTls extends MutualTls {
  /** Begin and end of this side's certificate, seconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Where it was read. */
  readonly files: readonly string[];
}

/** The files and the name, under the options that give them. */
interface Given {
  /** The option of the address. */
  readonly listen: string;
  readonly cert: readonly [option: string, file: string | undefined];
  readonly key: readonly [option: string, file: string | undefined];
  readonly ca: readonly [option: string, file: string | undefined];
  readonly name: readonly [option: string, name: string | undefined];
}

/** Largest of the files, in bytes. */
export const MAX_TLS_FILE_BYTES = 1024 * 1024;

/** Returns the reason for which another side with the same clock refuses this side's certificate; undefined while it is valid. `now` in seconds. */
export function timeFault({ notBefore, notAfter }: ReadTls, now: number): string | undefined {
  const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
  if (now >= notBefore && now < notAfter) return undefined;
  return `the certificate is valid from ${iso(notBefore)} to ${iso(notAfter)}, and the clock of this machine says ${iso(Math.trunc(now))}`;
}

/**
 * Reads the mutual TLS between the edge and the service. A client that reaches the service can claim any identity, so a TCP address
 * that others can reach is refused without TLS. Undefined where a unix socket or loopback needs none.
 */
export function edgeTls(address: ListenAddress, files: TlsFiles): Promise<ReadTls | undefined> {
  return mutualTls(address, {
    listen: 'listen',
    cert: ['tls-cert', files.tlsCert],
    key: ['tls-key', files.tlsKey],
    ca: ['tls-client-ca', files.tlsClientCa],
    name: ['tls-client-name', files.tlsClientName],
  });
}

/** Reads the mutual TLS between replicas, by the same rule: who reaches a hop listener can claim any identity, too. */
export function hopTls(address: ListenAddress, files: HopTlsFiles): Promise<ReadTls | undefined> {
  return mutualTls(address, {
    listen: 'hop-listen',
    cert: ['hop-cert', files.hopCert],
    key: ['hop-key', files.hopKey],
    ca: ['hop-ca', files.hopCa],
    name: ['hop-name', files.hopName],
  });
}

async function mutualTls(address: ListenAddress, given: Given): Promise<ReadTls | undefined> {
  const options = [given.cert, given.key, given.ca, given.name] as const;
  const [certFile, keyFile, caFile, name] = options.map(([, value]) => value);
  const isNoneGiven = options.every(([, value]) => value === undefined);
  if (address.t === 'unix') {
    if (isNoneGiven) return undefined;
    const [family] = given.cert[0].split('-');
    throw new ListenError(`--${family}-…: a unix socket needs no TLS: drop these options or listen on HOST:PORT`);
  }
  if (certFile === undefined || keyFile === undefined || caFile === undefined || name === undefined) {
    if (isNoneGiven && isLoopback(address.host)) return undefined;
    const [first, second, third, last] = options.map(([option]) => `--${option}`);
    throw new ListenError(
      `--${given.listen} ${address.host}:${address.port}: anyone who reaches it could claim any identity: ` +
        `give ${first}, ${second}, ${third} and ${last}, or listen on unix:PATH`,
    );
  }
  const [cert, key, ca] = await Promise.all([
    read(given.cert[0], certFile),
    read(given.key[0], keyFile),
    read(given.ca[0], caFile),
  ]);
  refusePublished(given.ca[0], caFile, ca);
  refusePublished(given.cert[0], certFile, cert);
  const { validFrom, validTo } = certificateIn(given.cert[0], certFile, cert);
  const seconds = (date: string): number => Math.trunc(Date.parse(date) / 1000);
  const files = [certFile, keyFile, caFile];
  return { cert, key, ca, name, files, notBefore: seconds(validFrom), notAfter: seconds(validTo) };
}

function certificateIn(option: string, file: string, cert: Buffer): X509Certificate {
  try {
    return new X509Certificate(cert);
  } catch {
    throw new ListenError(
      `--${option} ${file}: no certificate: name a PEM file that has one, with what it was signed by behind it`,
    );
  }
}

/** Refuses a key that others have published: whoever has the key of a trusted certificate can pose as the other side. */
function refusePublished(option: string, file: string, content: Buffer): void {
  const fault = publishedKeyFaultIn(content.toString('latin1'));
  if (fault !== undefined) throw new ListenError(`--${option} ${file}: ${fault}`);
}

async function read(option: string, file: string): Promise<Buffer> {
  try {
    return await readBounded(file, MAX_TLS_FILE_BYTES);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new ListenError(`--${option} ${error.message}`);
  }
}
