import { createSecureContext, type SecureContext } from 'node:tls';
import { MIN_TLS_VERSION } from '../mutual-tls.js';

/** Certificate, key and CAs as PEM text, each where there is one. */
export interface TlsTexts {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
}

/** Contexts that are kept; each holds the texts that it was made of. */
export const MAX_CONTEXTS = 32;

const contexts = new Map<string, SecureContext>();

/**
 * The TLS context of these texts, made once. To make one costs a millisecond, as much as a handshake, and a process with thousands of peers
 * would make one for each of them when a proxy comes back. Throws Node's error where the texts are no PEM.
 */
export function secureContextFor({ cert, key, ca }: TlsTexts): SecureContext {
  const name = JSON.stringify([cert, key, ca]);
  const context = contexts.get(name) ?? createSecureContext({ cert, key, ca, minVersion: MIN_TLS_VERSION });
  // Whoever was used last stays longest.
  contexts.delete(name);
  contexts.set(name, context);
  const [oldest] = contexts.keys();
  if (contexts.size > MAX_CONTEXTS && oldest !== undefined) contexts.delete(oldest);
  return context;
}
