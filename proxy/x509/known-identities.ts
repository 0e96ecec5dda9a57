import { type ForwardedIdentity, identityFrom, isIdentityHeader } from './identity-headers.js';

/** Identities that are remembered, and the longest headers that one is remembered by, in characters: 4 MiB at most. */
export const MAX_KNOWN_IDENTITIES = 1_000;
export const MAX_KNOWN_CHARS = 2_048;

/**
 * Reads identities and gives those who show the same certificate the same one: many gateways may share one, each connects again and
 * again, and what is read once costs neither time nor memory twice. Whoever differs in a byte of those headers is read anew.
 */
export class KnownIdentities {
  readonly #known = new Map<string, ForwardedIdentity>();

  /** As `identityFrom`. */
  read(rawHeaders: readonly string[]): ForwardedIdentity {
    const key = keyOf(rawHeaders);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const reading = identityFrom(rawHeaders);
    if ('ok' in reading && key.length <= MAX_KNOWN_CHARS) this.#remember(key, reading);
    return reading;
  }

  #remember(key: string, reading: ForwardedIdentity): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MAX_KNOWN_IDENTITIES && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, reading);
  }
}

/** The identity headers as they came: order, repeats and spelling of their names included. No header can hold a line feed. */
function keyOf(rawHeaders: readonly string[]): string {
  let key = '';
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (isIdentityHeader(name.toLowerCase())) key += `${name}\n${rawHeaders[i + 1]}\n`;
  }
  return key;
}
