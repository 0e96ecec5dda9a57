import type { IncomingHttpHeaders } from 'node:http';
import type { BridgeRefusal } from './bridge-refusal.js';
import { isLoopback } from './loopback.js';

/** The rules by which a bridge knows its callers. */
export interface CallerRules {
  /** Name or address that the bridge was told to listen on. */
  readonly listen: string;
  /** Names, in lower case, under which it is served besides those of this machine (`--allow-host`). */
  readonly hosts: readonly string[];
  /** Origins whose pages may ask, such as `http://localhost:3000`; `*` is every one (`--allow-origin`). */
  readonly origins: readonly string[];
}

/** The parts of a request that tell where it comes from. */
export interface Caller {
  readonly headers: Pick<IncomingHttpHeaders, 'host' | 'origin' | 'referer' | 'sec-fetch-site'>;
  /** The host of a target in absolute form; it counts in place of `Host` (RFC 9112 §3.2.2). */
  readonly authority?: string | undefined;
}

/**
 * Keeps web pages out of a bridge. A browser on the same machine lets any page send requests to `localhost`, with an `<img>`, a link
 * or a form even without `Origin`, and by DNS rebinding read the answers; a request that passes here reaches the other peer's API.
 * So three kinds are refused: a request to a name that is not this machine's (rebinding needs a name of its own), a request with the
 * `Origin` of another site, and a request that another site caused, as the browser says (`Sec-Fetch-Site`, of Fetch Metadata: no page can
 * forge or leave it out).
 * `Referer` proves nothing, since a page can leave it out: it only helps an allowed origin where a browser sends no `Origin`.
 *
 * On an address of the network there is no such machine: every name is served until `--allow-host` names some.
 */
export function guard(
  { headers, authority }: Caller,
  { listen, hosts, origins }: CallerRules,
): BridgeRefusal | undefined {
  const { origin, referer, 'sec-fetch-site': site } = headers;
  const host = authority ?? headers.host;
  const name = nameOf(host);
  if (name === undefined) return { status: 400, reason: 'host_invalid', message: 'the request has no valid Host' };
  const isOwn = isLoopback(name) || name === listen.toLowerCase() || hosts.includes(name);
  if (!isOwn && (isLoopback(listen) || hosts.length > 0)) {
    return refusal(
      'host_denied',
      'the bridge is served under the names of this machine only, and those that it is told to allow',
    );
  }
  if (origins.includes('*') || origins.includes(origin ?? originOf(referer) ?? '')) return undefined;
  const isForeign = origin !== undefined && origin.replace(/^https?:\/\//, '').toLowerCase() !== host?.toLowerCase();
  // `none` is a person's own doing: an address typed, a bookmark. A word that is not known counts as another site's.
  if (!isForeign && [undefined, 'same-origin', 'none'].includes(site)) return undefined;
  return refusal(
    'origin_denied',
    'requests from web pages of other sites are not served, but for those that it is told to allow',
  );
}

function nameOf(host: string | undefined): string | undefined {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^:/@\s[\]]+))(?::\d+)?$/i.exec(host ?? '');
  return (found?.[1] ?? found?.[2])?.toLowerCase();
}

function originOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}

function refusal(reason: string, message: string): BridgeRefusal {
  return { status: 403, reason, message };
}
