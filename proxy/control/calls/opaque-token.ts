import { createHash } from 'node:crypto';

/** Longest page or resume token that is read, characters: a resume token takes 130 to 220 for each replica, by the length of its name. */
export const MAX_TOKEN_CHARS = 49_152;

/** Makes a token that clients only carry back, from strings and numbers in an order that the reader knows. */
export function sealed(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Reads the parts of a token; undefined when the token is not ours. Throws nothing. */
export function opened(token: string): readonly (string | number)[] | undefined {
  if (token.length > MAX_TOKEN_CHARS) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parts) && parts.every(isPart) ? parts : undefined;
  } catch {
    return undefined;
  }
}

function isPart(value: unknown): value is string | number {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

/** Makes a short fingerprint of the question that a token belongs to. */
export function questionMark(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}
