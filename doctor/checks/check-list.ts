import { readBounded } from '../../proxy/policy/lists/watched-file.js';
import { DerFault } from '../../proxy/x509/encoding/der.js';
import { MAX_CRL_BYTES, openLists } from '../../proxy/x509/lists/crl.js';
import { authoritiesIn, MAX_AUTHORITIES_BYTES } from '../../proxy/x509/lists/crl-authorities.js';
import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import type { Host } from '../look/host.js';
import type { Failed } from '../look/way.js';

/** When a list was made and until when it counts, seconds since the epoch. */
export interface ListTimes {
  readonly issuer: string;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
}

const SIGN =
  'ws-proxy certs crl --sign, or have its authority publish it again; a timer does it in time: ws-proxy certs renew';

/** Is the revocation list on disk whole, signed and fresh, and is it the one in force? */
export async function checkRevocationList(host: Host): Promise<Judgement> {
  const { config } = host.plan;
  if ('fault' in config) return notChecked('the options cannot be read: see configuration');
  const { crl, crlCa } = config;
  if (crl === undefined) {
    const todo = 'name one: --crl of serve, --client-crl of envoy render (docs/operations.md#revocation)';
    return warning('no revocation list is named (--crl)', 'a certificate that is lost can be used until it ends', todo);
  }
  try {
    const pem = crlCa === undefined ? undefined : (await readBounded(crlCa, MAX_AUTHORITIES_BYTES)).toString('latin1');
    const { lists } = openLists(
      await readBounded(crl, MAX_CRL_BYTES),
      pem === undefined ? undefined : authoritiesIn(pem),
    );
    return judgeList(crl, lists, await host.metrics(), Date.now() / 1000);
  } catch (error) {
    const why = 'the list before it is in force, so nobody new is revoked; after a restart nobody is served';
    const place = error instanceof DerFault ? `${crl}: ` : '';
    return fault(`${place}${(error as Error).message}`, why, SIGN);
  }
}

/** Below this share of its time to go a list should have been signed anew. */
const DUE_SHARE = 1 / 3;

/** `now` in seconds since the epoch. */
export function judgeList(
  file: string,
  lists: readonly ListTimes[],
  metrics: ReadonlyMap<string, number> | Failed,
  now: number,
): Judgement {
  const shutOut = 'Envoy lets in no new peer of that authority at all';
  const [oldest] = [...lists].sort((one, other) => (one.nextUpdate ?? Infinity) - (other.nextUpdate ?? Infinity));
  if (oldest === undefined) return fault(`${file} has no list of an authority that is known`, shutOut, SIGN);
  const { thisUpdate, nextUpdate } = oldest;
  if (thisUpdate > now) {
    const what = `${file} begins at ${iso(thisUpdate)}, and the clock here says ${iso(now)}`;
    return fault(
      what,
      'the service waits for it and serves nobody',
      'set the clock of this machine, or of the authority',
    );
  }
  const made = `${file} is of ${iso(thisUpdate)} (${ageOf(now - thisUpdate)} old)`;
  if (nextUpdate !== undefined && nextUpdate <= now)
    return fault(`${made} and stale since ${iso(nextUpdate)}`, shutOut, SIGN);
  if (!('t' in metrics) && metrics.get('ws_proxy_crl_valid') === 0) {
    return fault(
      `${made}, and the service refused it`,
      'the list before it is in force',
      'its log says why; then sign or publish the list anew',
    );
  }
  if (nextUpdate === undefined) return ok(`${made} and has no end`);
  const left = ageOf(nextUpdate - now);
  if (nextUpdate - now < (nextUpdate - thisUpdate) * DUE_SHARE) {
    return warning(`${made} and counts for ${left} more`, `nobody has signed it anew; past its end ${shutOut}`, SIGN);
  }
  return ok(`${made} and counts for ${left} more`);
}

function ageOf(seconds: number): string {
  const [day, hour] = [86_400, 3_600];
  if (seconds >= 2 * day) return `${Math.floor(seconds / day)} days`;
  return seconds >= 2 * hour
    ? `${Math.floor(seconds / hour)} hours`
    : `${Math.max(1, Math.floor(seconds / 60))} minutes`;
}

function iso(seconds: number): string {
  return new Date(Math.trunc(seconds) * 1000).toISOString();
}
