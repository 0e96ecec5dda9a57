import { randomBytes } from 'node:crypto';
import { type Authority, loadAuthority, loadAuthorityCertificate } from '../authority.js';
import { explainCertificate } from '../explain.js';
import { certificateFiles, makeDirectory } from '../files.js';
import { installIntermediate, installRoot } from '../install.js';
import { DEFAULT_ORGANISATION } from '../issue.js';
import { listPath } from '../lists.js';
import { withLock } from '../lock.js';
import { parseSubject, type Subject } from '../subject.js';
import type { Outcome } from './outcome.js';

/** Options of `certs init`. */
export interface InitOptions {
  readonly dir: string;
  readonly intermediate: boolean;
  readonly o?: string;
  readonly cn?: string;
  readonly days: number;
  readonly force: boolean;
}

/** Makes a root, or an intermediate (and the root before it, where there is none). */
export async function init(options: InitOptions): Promise<Outcome> {
  const { dir, days, force } = options;
  const o = options.o ?? DEFAULT_ORGANISATION;
  const named = (cn: string): Subject => parseSubject({ o, cn });
  await makeDirectory(dir);
  const made = await withLock(dir, async () => {
    if (!options.intermediate) {
      return [await installRoot(dir, { subject: named(options.cn ?? 'ws-proxy root'), days, force })];
    }
    const there = await loadAuthorityCertificate(dir, 'root');
    const root =
      there === undefined
        ? await installRoot(dir, { subject: named('ws-proxy root'), days, force: false })
        : await loadAuthority(dir, 'root');
    // Each intermediate has a name of its own, so that the list of an intermediate stays in force when it is replaced.
    const cn = options.cn ?? `ws-proxy intermediate ${randomBytes(3).toString('hex')}`;
    const intermediate = await installIntermediate(dir, root, { subject: named(cn), days, force });
    return there === undefined ? [root, intermediate] : [intermediate];
  });
  return {
    lines: [...made.flatMap((authority) => describe(dir, authority)), `  ${listPath(dir)}`],
    json: made.map(({ name, certificate }) => {
      const { cert, key } = certificateFiles(dir, name);
      return { name, cert, key, crl: listPath(dir), certificate: explainCertificate(certificate) };
    }),
  };
}

function describe(dir: string, { name, certificate }: Authority): string[] {
  const { subject, notAfter } = explainCertificate(certificate);
  const { cert, key } = certificateFiles(dir, name);
  return [`made the ${name} ${subject}, valid until ${notAfter}`, `  ${cert}`, `  ${key}`];
}
