import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CertsFailure } from '../../../certs/failure.js';

const run = promisify(execFile);

/** Runs `work` in a directory of its own, which is gone afterwards. */
export async function inDirectory(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'ws-proxy-certs-'));
  try {
    await work(dir);
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Standard output of an openssl command run in `dir`; rejects when it fails. */
export async function openssl(dir: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('openssl', args, { cwd: dir });
  return stdout;
}

/** The verdict of `openssl verify` with the lists in force: `ok`, or its reason. */
export async function verdict(dir: string, file: string, ...more: readonly string[]): Promise<string> {
  const lists = ['-crl_check', '-CRLfile', 'root.crl.pem'];
  try {
    await openssl(dir, 'verify', '-CAfile', 'root.cert.pem', ...more, ...lists, file);
    return 'ok';
  } catch (error) {
    return /lookup: (.*)/.exec(String(error))?.[1] ?? String(error);
  }
}

/** A root and a client certificate as the old scripts made them: openssl, `/O=` only, no extension, key with EC PARAMETERS. */
export async function makeOldPki(dir: string, organisation: string): Promise<void> {
  for (const name of ['root', 'old']) {
    await openssl(dir, 'ecparam', '-name', 'prime256v1', '-genkey', '-out', `${name}.key.pem`);
  }
  await openssl(dir, 'req', '-x509', '-new', '-key', 'root.key.pem', '-subj', '/O=Old Lab', '-out', 'root.cert.pem');
  await openssl(dir, 'req', '-new', '-key', 'old.key.pem', '-subj', `/O=${organisation}`, '-out', 'old.csr');
  const authority = ['-CA', 'root.cert.pem', '-CAkey', 'root.key.pem', '-CAcreateserial'];
  await openssl(dir, 'x509', '-req', '-in', 'old.csr', ...authority, '-days', '100', '-out', 'old.cert.pem');
}

/** The failure that `work` ends with. */
export async function failureOf(work: () => unknown): Promise<CertsFailure> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CertsFailure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Leftover files of the directory: temporaries and locks. */
export async function leftovers(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.startsWith('.'));
}
