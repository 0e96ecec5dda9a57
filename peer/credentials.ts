import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileFault } from '../proxy/values/file-fault.js';

/** The certificate that a peer shows and the CA that it trusts, as PEM text. */
export interface Credentials {
  /** The client certificate, intermediates after it. */
  readonly cert: string;
  /** The private key of the certificate, not encrypted. */
  readonly key: string;
  /** The CA certificates that the proxy's certificate must lead to. */
  readonly ca: string;
}

/** The files of the credentials. */
export interface CredentialFiles {
  /** The certificate, or certificate and key in one file, in any order. */
  readonly cert: string;
  /** The key, where it is not in the file of the certificate. */
  readonly key?: string | undefined;
  /** The CA certificates that the proxy's certificate must lead to. */
  readonly ca: string;
}

/** The words by which messages name the three files. */
export type CredentialNames = Readonly<Record<'cert' | 'key' | 'ca', string>>;

/** The flags of a command. */
const FLAGS: CredentialNames = { cert: '--cert', key: '--key', ca: '--ca' };

/** A credential file that cannot be used. The message names the file, what is wrong, and what to do. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/**
 * Reads the files. Called at every dial, so that a renewed certificate is used without a restart.
 *
 * @param names the words by which messages name the files; a command's flags when left out
 * @throws CredentialsError
 */
export function readCredentials(files: CredentialFiles, names: CredentialNames = FLAGS): Credentials {
  const keyFile = files.key ?? files.cert;
  const certificates = certificatesOf(files.cert, names.cert);
  const [pem, key] = keyOf(keyFile, files.key === undefined ? names.cert : names.key, names.key);
  const own = certificates.find(({ x509 }) => x509.checkPrivateKey(key));
  if (own === undefined) {
    throw new CredentialsError(
      `${keyFile}: the key does not belong to the certificate in ${files.cert}; give its own by ${names.key}`,
    );
  }
  const chain = [own, ...certificates.filter((certificate) => certificate !== own)];
  return { cert: textOf(chain), key: pem, ca: readCa(files.ca, names.ca) };
}

/**
 * Reads the CA certificates in a file, as PEM text. `option` names the file in messages.
 *
 * @throws CredentialsError
 */
export function readCa(file: string, option: string): string {
  return textOf(certificatesOf(file, option));
}

interface Certificate {
  readonly pem: string;
  readonly x509: X509Certificate;
}

function certificatesOf(file: string, option: string): Certificate[] {
  const blocks = blocksOf(file, option).filter(({ label }) => /^(X509 )?CERTIFICATE$/.test(label));
  if (blocks.length === 0) {
    throw new CredentialsError(`${file}: no "BEGIN CERTIFICATE" in it; ${option} takes a PEM file with a certificate`);
  }
  return blocks.map(({ pem }) => {
    try {
      return { pem, x509: new X509Certificate(pem) };
    } catch {
      throw new CredentialsError(`${file}: a certificate in it is damaged; make the file anew`);
    }
  });
}

function keyOf(file: string, option: string, keyOption: string): [string, KeyObject] {
  const block = blocksOf(file, option).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) {
    throw new CredentialsError(`${file}: no private key in it; give the key's file by ${keyOption}`);
  }
  if (block.label.startsWith('ENCRYPTED') || block.pem.includes('Proc-Type: 4,ENCRYPTED')) {
    throw new CredentialsError(`${file}: the private key is encrypted; decrypt it with: openssl pkey -in ${file}`);
  }
  try {
    return [block.pem, createPrivateKey(block.pem)];
  } catch {
    throw new CredentialsError(`${file}: the private key is damaged; make the file anew`);
  }
}

interface Block {
  readonly label: string;
  readonly pem: string;
}

/** Other content of the file, such as `EC PARAMETERS` or text between the blocks, is passed over. */
function blocksOf(file: string, option: string): Block[] {
  const text = read(file, option);
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\r?\n[\s\S]*?-----END \1-----/g);
  return [...found].map(([pem, label = '']) => ({ label, pem: `${pem}\n` }));
}

function read(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CredentialsError(`${file}: ${fileFault(error)} (${option})`);
  }
}

function textOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ pem }) => pem).join('');
}
