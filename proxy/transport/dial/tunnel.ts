import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Retry } from '../../wire/close.js';
import { DialError, systemFaults } from './dial-error.js';
import { isLocalhost, lookupLocalhost } from './localhost.js';

/** An HTTP proxy that stands between this machine and the network, and opens tunnels by CONNECT (RFC 9110 §9.3.6). */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /**
   * Whether to use TLS to the proxy itself, checked against the system's CAs. The bytes inside the tunnel have their own TLS in any
   * case.
   */
  readonly secure: boolean;
  /** `user:password`, decoded; a secret. */
  readonly credentials?: string;
  /** The variable that named the proxy, such as `HTTPS_PROXY`, for messages. */
  readonly setting: string;
}

/** The far end of a tunnel. */
export interface Destination {
  /** A name or an address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The name of an HTTP proxy in messages, without its credentials. */
export function nameOf({ host, port, setting }: HttpProxy): string {
  return `the HTTP proxy ${authority({ host, port })} (${setting})`;
}

/**
 * Opens a tunnel. The caller has to close the socket that it resolves with.
 *
 * @param connected called when the proxy took the TCP connection
 * @param signal gives up with its reason
 * @throws DialError whose failure is `http_proxy`
 */
export function openTunnel(
  via: HttpProxy,
  destination: Destination,
  connected: () => void,
  signal: AbortSignal,
): Promise<Socket> {
  const { host, port, secure, credentials } = via;
  const basic = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const target = authority(destination);
  const headers = { Host: target, ...(basic === undefined ? {} : { 'Proxy-Authorization': basic }) };
  // Without this Node would ask the proxy for the certificate of the Host that stands in the request.
  const tls = secure ? { servername: isIP(host) === 0 ? host : '' } : {};
  return new Promise((resolve, reject) => {
    const start = secure ? requestHttps : requestHttp;
    const options = { method: 'CONNECT', host, port, path: target, headers, agent: false, lookup: lookupLocalhost };
    const request = start({ ...options, ...tls });
    const giveUp = (): void => void request.destroy(signal.reason);
    const over = (): void => signal.removeEventListener('abort', giveUp);
    request.once('socket', (socket) => socket.once('connect', connected));
    request.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      over();
      // The user of the socket hears of its end; until then nobody listens for errors.
      socket.on('error', () => {});
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(refusal(via, destination, statusCode));
    });
    request.on('error', (error) => {
      over();
      reject(error instanceof DialError ? error : fault(via, error));
    });
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    request.end();
  });
}

function refusal(via: HttpProxy, destination: Destination, status: number): DialError {
  const where = authority(destination);
  const said =
    status === 407
      ? `${via.credentials === undefined ? 'asks for' : 'does not accept our'} user and password; give them as http://USER:PASSWORD@HOST:PORT`
      : `does not open a way to ${where}`;
  const hint = isLocalhost(destination.host) || isIP(destination.host) !== 0 ? '; NO_PROXY names what needs none' : '';
  const passing = status >= 500 || status === 408 || status === 429;
  return failure(via, `${said} (HTTP ${status})${hint}`, `HTTP_${status}`, passing ? 'later' : 'never');
}

function fault(via: HttpProxy, error: Error & { readonly code?: unknown }): DialError {
  const code = typeof error.code === 'string' ? error.code : 'unknown';
  const known = systemFaults[code];
  if (known !== undefined) return failure(via, `cannot be used: ${known} (${code})`, code, 'now');
  if (code.startsWith('HPE_')) return failure(via, `does not speak HTTP (${code})`, code, 'later');
  const help = via.secure ? '; NODE_EXTRA_CA_CERTS adds a CA' : '';
  return failure(via, `cannot be used (${code})${help}`, code, 'later');
}

function failure(via: HttpProxy, said: string, code: string, retry: Retry): DialError {
  return new DialError(`${nameOf(via)} ${said}`, { t: 'http_proxy', code, retry });
}

function authority({ host, port }: Destination): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
