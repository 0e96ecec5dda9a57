import { randomBytes } from 'node:crypto';

/** Longest part of a replica's name that its incarnations carry, characters. */
const MAX_NAME = 40;
/** Random part, bytes: two incarnations never have one name. */
const RANDOM = 8;

/**
 * Makes the name of one run of a replica: its own name, as far as subjects of the store and header fields take it, and random digits.
 * It has letters, digits, `-` and `_`.
 */
export function freshIncarnation(replica: string): string {
  const name = replica.slice(0, MAX_NAME).replace(/[^A-Za-z0-9_-]/g, '-');
  return `${name}-${randomBytes(RANDOM).toString('hex')}`;
}
