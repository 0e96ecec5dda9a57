import type { IncomingMessage } from 'node:http';

/** The names under which a browser on this host reaches loopback. */
const LOOPBACK_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];
const HOST = /^([a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

/** A request, and whether it is for the document itself, to which other sites may link. */
export interface Asker {
  readonly request: IncomingMessage;
  readonly isDocument: boolean;
}

/**
 * Returns the reason for not answering a request on this host's own port; undefined when it may be answered. There is no password there: it is
 * for browsers on this host that their own user sent. So the connection must be a loopback one; the Host header must name loopback, or a web page
 * could reach in by DNS rebinding; and no other site may read.
 */
export function faultOfNeighbour(asker: Asker): string | undefined {
  const { localAddress, remoteAddress } = asker.request.socket;
  if (!isLoopback(localAddress) || !isLoopback(remoteAddress)) {
    return 'the page is served to this host alone: forward a port, for example with ssh -L or kubectl port-forward, or ask the control port';
  }
  const host = asker.request.headers.host?.toLowerCase() ?? '';
  const name = HOST.exec(host)?.[1];
  if (name === undefined || !LOOPBACK_NAMES.includes(name)) {
    return `the Host header must name this host: ask for ${LOOPBACK_NAMES.join(', ')}`;
  }
  return faultOfSite(asker, 'http');
}

/**
 * Returns the reason for which a request is that of another web page (Origin, Sec-Fetch-Site), which may link to the document and read nothing;
 * undefined when it is not. A browser sends a certificate for whatever page asks it to.
 */
export function faultOfSite({ request, isDocument }: Asker, scheme: 'http' | 'https'): string | undefined {
  const { origin, host = '' } = request.headers;
  const isOther = origin !== undefined && origin.toLowerCase() !== `${scheme}://${host.toLowerCase()}`;
  return isOther || !isFetchAllowed(request, isDocument) ? 'other web pages may not read this one' : undefined;
}

/** Fetch Metadata Request Headers: sent by every current browser, absent from other clients. */
function isFetchAllowed({ headers }: IncomingMessage, isDocument: boolean): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  return isDocument && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (address === '::1' || /^(?:::ffff:)?127\./.test(address));
}
