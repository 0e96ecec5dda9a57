import type { X509Certificate } from 'node:crypto';
import { loadAuthority, loadAuthorityCertificate, refusePublished } from './authority.js';
import { type Credential, isIssuedBy, type PemFile, pairCredential, parseCredential, parsePem } from './credential.js';
import { CertsFailure } from './failure.js';
import { certificateFiles, makeDirectory, type NewFile, readIfThere, writeFiles } from './files.js';
import { installRoot } from './install.js';
import { DEFAULT_ORGANISATION, issueLeaf, LOOPBACK_NAMES, leafFiles, NO_NAMES } from './issue.js';
import { listOf, readLists, updateLists } from './lists.js';
import { withLock } from './lock.js';
import type { Role } from './role.js';
import { AUTHORITY_DAYS, DAY_MS, LEAF_DAYS, LEAF_DUE_DAYS, LIST_DAYS, LIST_DUE_DAYS } from './validity.js';

/** The leaves of a development PKI, each named for its role. */
const DEVELOPMENT_ROLES = ['server', 'manager', 'gateway', 'admin'] as const satisfies readonly Role[];

/**
 * Makes the PKI of `npm start` in `dir`: `root.{cert,key}.pem`, `{server,manager,gateway,admin}.{cert,key,pkeycert}.pem` and
 * `root.crl.pem`. Good files stay as they are; missing files are made; a leaf that ends within 7 days or was signed by
 * another root is made again, and a list that is due is signed again. The subjects are `CN=manager,O=Micronets` and so on.
 *
 * @returns a line for each thing that was made, none when all was there
 * @throws CertsFailure when a file is damaged or does not fit the others: such a file is never replaced
 */
export async function makeDevelopmentPki(dir: string): Promise<readonly string[]> {
  await makeDirectory(dir);
  return withLock(dir, async () => {
    const made = await ensureRoot(dir);
    for (const role of DEVELOPMENT_ROLES) made.push(...(await ensureLeaf(dir, role)));
    return [...made, ...(await ensureList(dir))];
  });
}

async function ensureRoot(dir: string): Promise<string[]> {
  const root = await loadAuthorityCertificate(dir, 'root');
  const { cert, key } = certificateFiles(dir, 'root');
  if (root !== undefined) refusePublished(cert, root);
  if (root !== undefined && !isDue(root)) return [];
  if (root === undefined && (await readIfThere(key)) !== undefined) {
    throw new CertsFailure(`${key} is there and ${cert} is not; put it back, or delete both`);
  }
  const subject = { o: DEFAULT_ORGANISATION, cn: 'ws-proxy development root' };
  // A development list of a root that is gone says nothing about the new one.
  await installRoot(dir, { subject, days: AUTHORITY_DAYS, force: root !== undefined });
  return [root === undefined ? 'made the root' : 'made the root again, as it was about to end'];
}

async function ensureLeaf(dir: string, role: (typeof DEVELOPMENT_ROLES)[number]): Promise<string[]> {
  const there = await readLeaf(dir, role);
  if (
    there.credential !== undefined &&
    !isDue(there.credential.certificate) &&
    (await isTrusted(dir, there.credential))
  ) {
    const missing = leafFiles(dir, role, there.credential).filter(({ path }) => !there.files.includes(path));
    await writeFiles(missing, false);
    return missing.map(({ path }) => `made ${path} from the files beside it`);
  }
  const leaf = await issueLeaf(await loadAuthority(dir, 'root'), {
    role,
    subject: { o: DEFAULT_ORGANISATION, cn: role },
    names: role === 'server' ? LOOPBACK_NAMES : NO_NAMES,
    days: LEAF_DAYS,
  });
  const files: NewFile[] = leafFiles(dir, role, leaf);
  await writeFiles(files, there.credential !== undefined);
  return [there.credential === undefined ? `made the ${role}'s certificate` : `renewed the ${role}'s certificate`];
}

/** The existing files of a leaf: their names, and certificate and key from whichever of them hold both. */
async function readLeaf(
  dir: string,
  role: string,
): Promise<{ readonly files: readonly string[]; readonly credential?: Credential }> {
  const paths = certificateFiles(dir, role);
  const [cert, key, both] = await Promise.all([paths.cert, paths.key, paths.pkeycert].map(readIfThere));
  const found = { [paths.cert]: cert, [paths.key]: key, [paths.pkeycert]: both };
  const files = Object.keys(found).filter((path) => found[path] !== undefined);
  if (files.length === 0) return { files };
  const joined = both === undefined ? undefined : mendable(() => parseCredential(both, paths.pkeycert));
  const beside = fileOf(paths.pkeycert, both);
  const [certFile, keyFile] = [fileOf(paths.cert, cert) ?? beside, fileOf(paths.key, key) ?? beside];
  const apart = certFile && keyFile && mendable(() => pairCredential(certFile, keyFile));
  const credential = joined ?? apart;
  if (
    credential === undefined ||
    (apart ?? credential).certificate.fingerprint256 !== credential.certificate.fingerprint256
  ) {
    throw new CertsFailure(
      `${files.join(', ')} do not make one certificate with its key; put the right ones back, or delete them`,
    );
  }
  return { files, credential };
}

function fileOf(path: string, text: string | undefined): PemFile | undefined {
  return text === undefined ? undefined : { path, text };
}

/** Adds to a failure the advice to delete the file: a missing file of a leaf is made again. */
function mendable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof CertsFailure ? new CertsFailure(`${error.message}, or delete it`) : error;
  }
}

/** True when the root in the directory signed the leaf, itself or through the intermediates that come with it. */
async function isTrusted(dir: string, { certificate, chainPem }: Credential): Promise<boolean> {
  const root = await loadAuthorityCertificate(dir, 'root');
  if (root === undefined) return false;
  const [, ...above] = parsePem(chainPem, 'the chain').certificates;
  const chain = [certificate, ...above, root];
  return chain.slice(0, -1).every((below, at) => {
    const issuer = chain[at + 1];
    return issuer !== undefined && isIssuedBy(below, issuer);
  });
}

async function ensureList(dir: string): Promise<string[]> {
  const root = await loadAuthorityCertificate(dir, 'root');
  const lists = await readLists(dir);
  const own = root && listOf(dir, lists, { name: 'root', certificate: root });
  const due = Date.now() + LIST_DUE_DAYS * DAY_MS;
  const late = lists.some(({ list }) => list.nextUpdate !== undefined && list.nextUpdate.getTime() < due);
  if (own !== undefined && !late) return [];
  await updateLists(dir, LIST_DAYS, { target: 'root', apply: (entries) => entries });
  return [own === undefined ? 'made an empty revocation list' : 'signed the revocation list again'];
}

function isDue(certificate: X509Certificate): boolean {
  return Date.parse(certificate.validTo) < Date.now() + LEAF_DUE_DAYS * DAY_MS;
}
