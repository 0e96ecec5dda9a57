import type { ArenaPart } from './arena-part.js';

/** An error with the last words of processes. What failed is its cause, which a report shows after them: the end of a log must tell it. */
export function withLastWords(error: unknown, parts: readonly Pick<ArenaPart, 'name' | 'lastWords'>[]): Error {
  const words = parts.map((part) => `--- ${part.name}\n${part.lastWords()}`);
  return new Error(['a fault could not be played', ...words].join('\n'), { cause: error });
}
