import type { IncomingMessage } from 'node:http';

/** The names under which a browser on this host reaches loopback. */
const LOOPBACK_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];
const HOST = /^([a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

/**
 * Returns the reason for not answering a request; undefined when it may be answered. The page has no password: it is for browsers
 * on this host that their own user sent here. So the connection must be a loopback one; the Host header must name loopback, or a web page
 * could reach in by DNS rebinding; and no other site may read (Origin, Sec-Fetch-Site), though it may link to the page itself.
 */
export function faultOfVisitor(request: IncomingMessage, isDocument: boolean): string | undefined {
  const { localAddress, remoteAddress } = request.socket;
  if (!isLoopback(localAddress) || !isLoopback(remoteAddress)) {
    return 'the page is served to this host alone: forward a port, for example with ssh -L or kubectl port-forward';
  }
  const host = request.headers.host?.toLowerCase() ?? '';
  const name = HOST.exec(host)?.[1];
  if (name === undefined || !LOOPBACK_NAMES.includes(name)) {
    return `the Host header must name this host: ask for ${LOOPBACK_NAMES.join(', ')}`;
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) return 'other web pages may not read this one';
  return isFetchAllowed(request, isDocument) ? undefined : 'other web pages may not read this one';
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
