import type { IncomingMessage } from 'node:http';
import type { OriginRule } from './origin.js';

/** `Sec-WebSocket-Key`: 16 bytes in base64 (RFC 6455 §4.1). */
const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** Returns the fault of the upgrade request itself, checked before anything is looked up (RFC 6455 §4.2.1). */
export function faultOfHandshake(
  request: IncomingMessage,
  origins: OriginRule,
): 'upgrade_required' | 'request_invalid' | 'origin_denied' | undefined {
  const { headers } = request;
  if (request.method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') return 'upgrade_required';
  if (headers['sec-websocket-version'] !== '13') return 'upgrade_required';
  if (!origins(headers.origin, headers.host)) return 'origin_denied';
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) return 'request_invalid';
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length !== 1 || headers.host?.includes(',') === true) return 'request_invalid';
  // A hop that honours the length takes the bytes after the head for a body; we would take them for websocket frames.
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0)
    return 'request_invalid';
  return undefined;
}

/** Returns the client's address as the edge saw it: the edge appends it to `x-forwarded-for`, so the last entry is the edge's. */
export function remoteOf(request: IncomingMessage): string {
  const forwarded = request.headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim();
  return (last ?? request.socket.remoteAddress ?? '').slice(0, MAX_HEADER_CHARS);
}

/** Longest value taken from a tracing header, in characters. */
const MAX_HEADER_CHARS = 64;

/** Reads a header that only joins logs and traces: one value of bounded length, otherwise empty. */
export function markOf(request: IncomingMessage, name: 'x-request-id' | 'traceparent'): string {
  const value = request.headers[name];
  return typeof value === 'string' && value.length <= MAX_HEADER_CHARS ? value : '';
}
