import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileFault } from '../proxy/values/file-fault.js';

/** The certificate that a peer shows and the CA that it trusts, as PEM text. */
export interface Credentials {
  /** The client certificate, intermediates after it. */
  readonly cert: string;
  readonly key: string;
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

/** A credential file that cannot be used. The message names the file, what is wrong, and what to do. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  /** The exit code of a command that meets it: not understood. */
  readonly exitCode = 2;
}

/**
 * Reads the files. Called at every dial, so that a renewed certificate is used without a restart.
 *
 * @throws CredentialsError
 */
export function readCredentials(files: CredentialFiles): Credentials {
  const keyFile = files.key ?? files.cert;
  const certificates = certificatesOf(files.cert, '--cert');
  const [pem, key] = keyOf(keyFile, files.key === undefined ? '--cert' : '--key');
  const own = certificates.find(({ x509 }) => x509.checkPrivateKey(key));
  if (own === undefined) {
    throw new CredentialsError(
      `${keyFile}: the key does not belong to the certificate in ${files.cert}; give its own by --key`,
    );
  }
  const chain = [own, ...certificates.filter((certificate) => certificate !== own)];
  return { cert: textOf(chain), key: pem, ca: readCa(files.ca, '--ca') };
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

function keyOf(file: string, option: string): [string, KeyObject] {
  const block = blocksOf(file, option).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) {
    throw new CredentialsError(`${file}: no private key in it; give the key's file by --key`);
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
