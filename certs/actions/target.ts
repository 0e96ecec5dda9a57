import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuthorityName } from '../authority.js';
import { readPem } from '../credential.js';
import { explainCertificate } from '../explain.js';
import { CertsFailure, systemCode, usageFailure } from '../failure.js';
import { type RevocationSubject, revocationSubjectOf } from '../revocation.js';

/** The name of a certificate on the command line: its file, or by serial number and issuer where the file is lost. */
export interface TargetOptions {
  readonly dir: string;
  readonly serial?: string;
  readonly issuer: AuthorityName;
}

/** A certificate to revoke, and its name in messages. */
export interface Target {
  readonly which: RevocationSubject;
  readonly label: string;
}

/** Longest serial number, in hex digits (20 bytes, RFC 5280 §4.1.2.2). */
const MAX_SERIAL_DIGITS = 40;

/** @throws CertsFailure when not exactly one of `file` and `--serial` is given, or no authority of the directory signed it */
export async function findTarget(file: string | undefined, options: TargetOptions): Promise<Target> {
  if ((file === undefined) === (options.serial === undefined)) throw usageFailure('give either FILE or --serial');
  if (file === undefined) {
    const serial = parseSerial(options.serial ?? '');
    return { which: { issuer: options.issuer, serial }, label: `serial ${serial}` };
  }
  const path = await findFile(file, options.dir);
  const { certificates } = await readPem(path);
  const [certificate] = certificates;
  if (certificate === undefined) throw new CertsFailure(`${path}: no CERTIFICATE block in it; name a file with one`);
  const which = await revocationSubjectOf(options.dir, certificate, path);
  return { which, label: `${explainCertificate(certificate).subject}, serial ${which.serial}` };
}

/** The file as named, else that name in the directory, else `NAME.cert.pem` there. */
export async function findFile(file: string, dir: string): Promise<string> {
  for (const path of [file, join(dir, file), join(dir, `${file}.cert.pem`)]) if (await isFile(path)) return path;
  throw new CertsFailure(`${file}: no such file, here or in ${dir}; name a PEM file`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}

function parseSerial(text: string): string {
  const digits = text.replace(/^0x/i, '').replaceAll(':', '');
  if (!/^[0-9a-f]+$/i.test(digits) || digits.length > MAX_SERIAL_DIGITS) {
    throw usageFailure(`--serial ${JSON.stringify(text)}: give 1 to ${MAX_SERIAL_DIGITS} hex digits`);
  }
  return BigInt(`0x${digits}`).toString(16);
}
