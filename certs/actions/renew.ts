import { listWarnings } from '../explain-list.js';
import { type Renewal, renew } from '../renew.js';
import type { Outcome } from './outcome.js';

/** Options of `certs renew`. */
export interface RenewOptions {
  readonly dir: string;
  readonly all: boolean;
}

/** Renews what is due: the lists, the servers' certificates, and the certificates that are named. */
export async function renewDue(names: readonly string[], { dir, all }: RenewOptions): Promise<Outcome> {
  const renewals = await renew(dir, names, all);
  const held = renewals.filter((renewal) => renewal.held);
  return {
    lines: renewals.map(lineOf),
    json: renewals,
    warnings: [
      ...held.map(({ file, until }) => `${file} ends with its issuer, at ${until}: change the issuer first`),
      ...(await listWarnings(dir)),
    ],
  };
}

function lineOf({ file, renewed, until }: Renewal): string {
  return renewed ? `renewed ${file}, good until ${until}` : `${file} is good until ${until}`;
}
