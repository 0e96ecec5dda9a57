import { type ForwardedIdentity, identityFrom, isIdentityHeader } from './identity-headers.js';

/** Most identities that are remembered, and the longest headers of a remembered identity, in characters: 4 MiB at most. */
export const MAX_KNOWN_IDENTITIES = 1_000;
export const MAX_KNOWN_CHARS = 2_048;

/**
 * Reads identities and gives equal headers the same object. Many gateways may share one certificate, and each connects again and again,
 * so reading it once saves time and memory. Headers that differ in one byte are read anew.
 */
export class KnownIdentities {
  readonly #known = new Map<string, ForwardedIdentity>();

  /** Reads headers as `identityFrom` does. */
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

/** The identity headers as they came, with the order, repeats and spelling of their names. No header can hold a line feed. */
function keyOf(rawHeaders: readonly string[]): string {
  let key = '';
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (isIdentityHeader(name.toLowerCase())) key += `${name}\n${rawHeaders[i + 1]}\n`;
  }
  return key;
}
