import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MAX_PEM_LENGTH } from '../proxy/x509/encoding/pem.js';
import { CertsFailure, systemCode } from './failure.js';
import { makeFolder, whyNotMade } from './folder.js';

/** Mode of a file with a private key: its owner alone. */
export const PRIVATE_MODE = 0o600;
/** Mode of a file that anyone may read. */
export const PUBLIC_MODE = 0o644;

/** A file to write. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** True for a file that is always replaced, such as a list that is updated. */
  readonly replace?: boolean;
}

/** The three files of one certificate: `NAME.cert.pem`, `NAME.key.pem` and both in `NAME.pkeycert.pem`. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  readonly pkeycert: string;
}

/** The paths of the three files of `name`. */
export function certificateFiles(dir: string, name: string): CertificateFiles {
  return {
    cert: join(dir, `${name}.cert.pem`),
    key: join(dir, `${name}.key.pem`),
    pkeycert: join(dir, `${name}.pkeycert.pem`),
  };
}

/**
 * Makes the directory, for its owner alone, with those above it.
 *
 * @throws CertsFailure when it can't be made
 */
export async function makeDirectory(dir: string): Promise<void> {
  try {
    await makeFolder(dir, PRIVATE_MODE | 0o100);
  } catch (error) {
    const why = whyNotMade(error);
    if (why === undefined) throw error;
    throw new CertsFailure(`${dir} can't be made (${why}); name another --dir`);
  }
}

/**
 * Writes all of the files or none. Each is complete under a temporary name in its directory before any gets its own name, so
 * that no reader sees half a file and a full disk changes nothing. Without `force` an existing file is never replaced: the names
 * that were already given are taken back.
 *
 * @throws CertsFailure when a file exists and may not be replaced
 */
export async function writeFiles(files: readonly NewFile[], force: boolean): Promise<void> {
  const staged = files.map((file) => ({ ...file, temporary: temporaryName(file.path) }));
  try {
    for (const file of staged) await writeDurably(file.temporary, file);
    await giveNames(staged.map((file) => ({ ...file, replace: force || file.replace === true })));
    for (const dir of new Set(files.map(({ path }) => dirname(path)))) await syncDirectory(dir);
  } finally {
    for (const { temporary } of staged) await rm(temporary, { force: true });
  }
}

/** Text of a PEM file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readPemFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Text of a PEM file.
 *
 * @throws the system's error when it cannot be read; CertsFailure when it is too large
 */
export async function readPemFile(path: string): Promise<string> {
  const status = await stat(path);
  if (status.isDirectory()) throw new CertsFailure(`${path}: a folder, not a PEM file; put the file in its place`);
  if (status.size > MAX_PEM_LENGTH)
    throw new CertsFailure(`${path}: larger than ${MAX_PEM_LENGTH} bytes; not a PEM file`);
  // One character a byte: PEM is ASCII, and text around it is ignored.
  return readFile(path, 'latin1');
}

interface StagedFile {
  readonly temporary: string;
  readonly path: string;
  readonly replace: boolean;
}

async function giveNames(staged: readonly StagedFile[]): Promise<void> {
  const given: string[] = [];
  try {
    for (const { temporary, path, replace } of staged) {
      if (replace) {
        await rename(temporary, path);
        continue;
      }
      await giveFreeName(temporary, path);
      given.push(path);
    }
  } catch (error) {
    for (const path of given) await rm(path, { force: true });
    throw error;
  }
}

async function giveFreeName(temporary: string, path: string): Promise<void> {
  try {
    // link(2), unlike rename(2), fails when the name is taken.
    await link(temporary, path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    throw new CertsFailure(`${path} exists; use --force to replace it, or another name or --dir`);
  }
}

async function writeDurably(path: string, { text, mode }: NewFile): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    // The mode of open(2) is narrowed by the umask; a public file is meant to be readable.
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    // The system names no file where a write into it fails.
    throw error instanceof Error ? Object.assign(error, { path: dirname(path) }) : error;
  } finally {
    await handle.close();
  }
}

/** Names, too, must outlast a power failure: a revocation that was reported is not lost. */
async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}
