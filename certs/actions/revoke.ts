import { listPath } from '../lists.js';
import type { Reason } from '../reason.js';
import { revoke, unrevoke } from '../revocation.js';
import { isoSeconds } from '../validity.js';
import type { Outcome } from './outcome.js';
import { findTarget, type TargetOptions } from './target.js';

/** Options of `certs revoke`. */
export interface RevokeOptions extends TargetOptions {
  readonly reason: Reason;
  readonly days: number;
}

/** Options of `certs unrevoke`. */
export interface UnrevokeOptions extends TargetOptions {
  readonly days: number;
  readonly force: boolean;
}

/** Puts a certificate on its issuer's list. It is no error when it is on the list already. */
export async function revokeCertificate(file: string | undefined, options: RevokeOptions): Promise<Outcome> {
  const { which, label } = await findTarget(file, options);
  const { state, entry, number } = await revoke(options.dir, which, options.reason, options.days);
  const since = isoSeconds(entry.since);
  return {
    lines: [`${state}: ${label}, since ${since} (${entry.reason})`, `  ${listPath(options.dir)}, number ${number}`],
    json: { state, ...which, since, reason: entry.reason, number: number.toString(), crl: listPath(options.dir) },
  };
}

/** Takes a certificate off its issuer's list. */
export async function unrevokeCertificate(file: string | undefined, options: UnrevokeOptions): Promise<Outcome> {
  const { which, label } = await findTarget(file, options);
  const number = await unrevoke(options.dir, which, options.force, options.days);
  return {
    lines: [`no longer revoked: ${label}`, `  ${listPath(options.dir)}, number ${number}`],
    json: { state: 'not revoked', ...which, number: number.toString(), crl: listPath(options.dir) },
  };
}
