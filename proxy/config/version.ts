import { readFileSync } from 'node:fs';

/** The product's version, from its package description. */
export function productVersion(): string {
  const description: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  return (description as { version: string }).version;
}
