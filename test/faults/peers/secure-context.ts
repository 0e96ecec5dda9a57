import { createSecureContext, type SecureContext } from 'node:tls';
import type { SeatWorld } from './seat.js';

/** One context for each certificate: to make one for each connection would be most of a client's work. */
const contexts = new Map<string, SecureContext>();

/** The context of that certificate of the world. */
export function contextOf({ ca, credentials }: SeatWorld, credential: number): SecureContext {
  const { certificate, key } = credentials[credential] ?? { certificate: '', key: '' };
  const context = contexts.get(certificate) ?? createSecureContext({ ca, cert: certificate, key });
  contexts.set(certificate, context);
  return context;
}

/** Where to connect to. A name would have to be looked up, by few threads, once for each connection. */
export function addressOf({ url }: Pick<SeatWorld, 'url'>): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port) };
}
