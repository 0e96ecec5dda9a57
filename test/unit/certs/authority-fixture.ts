import { join } from 'node:path';
import { loadAuthority } from '../../../certs/authority.js';
import { readPem } from '../../../certs/credential.js';
import { writeFiles } from '../../../certs/files.js';
import { installRoot } from '../../../certs/install.js';
import { issueLeaf, leafFiles, NO_NAMES } from '../../../certs/issue.js';
import { type RevocationSubject, revocationSubjectOf } from '../../../certs/revocation.js';

/** Makes the root `CN=root,O=Test`. */
export async function makeRootIn(dir: string): Promise<void> {
  await installRoot(dir, { subject: { o: 'Test', cn: 'root' }, days: 100, force: false });
}

/** Issues a client certificate for each name, with a subject of O only. */
export async function issueInto(
  dir: string,
  issuer: 'root' | 'intermediate',
  ...names: readonly string[]
): Promise<void> {
  const authority = await loadAuthority(dir, issuer);
  for (const name of names) {
    const leaf = await issueLeaf(authority, { role: 'client', subject: { o: name }, names: NO_NAMES, days: 10 });
    await writeFiles(leafFiles(dir, name, leaf), false);
  }
}

/** The revocation subject of the certificate in a file of the directory. */
export async function target(dir: string, file: string): Promise<RevocationSubject> {
  const { certificates } = await readPem(join(dir, file));
  const [certificate] = certificates;
  if (certificate === undefined) throw new Error(`no certificate in ${file}`);
  return revocationSubjectOf(dir, certificate, file);
}
