import { canonicalNames } from '../../x509/canonical-names.js';
import type { Identity } from '../../x509/identity.js';
import { certificateKeys } from './conditions.js';
import type { Rule } from './rule.js';

/**
 * Finds the few rules that a certificate can fit, in the order of the file, among thousands of rules that are each for one gateway. If
 * a rule asks for an exact value (an attribute, a whole subject, a fingerprint), the certificate must have it.
 */
export class RuleIndex {
  /** Positions of rules by the exact values that they ask for, and of the rules that ask for none. */
  readonly #byKey = new Map<string, number[]>();
  readonly #others: number[] = [];

  constructor(rules: readonly Rule[]) {
    const asked = new Map<string, number>();
    for (const { matcher } of rules) {
      for (const key of matcher.exact.flat()) asked.set(key, (asked.get(key) ?? 0) + 1);
    }
    const weightOf = (keys: readonly string[]): number => keys.reduce((sum, key) => sum + (asked.get(key) ?? 0), 0);
    for (const [position, { matcher }] of rules.entries()) {
      // One condition is enough; the condition whose values the fewest rules ask for narrows the search most.
      const [rarest] = matcher.exact.toSorted((a, b) => weightOf(a) - weightOf(b));
      if (rarest === undefined) this.#others.push(position);
      for (const key of new Set(rarest)) this.#note(key, position);
    }
  }

  #note(key: string, position: number): void {
    const positions = this.#byKey.get(key);
    if (positions === undefined) this.#byKey.set(key, [position]);
    else positions.push(position);
  }

  /** Positions of the rules that can fit, from the top of the file. */
  candidates(identity: Identity): readonly number[] {
    const keys = certificateKeys(identity, canonicalNames(identity).subject);
    const positions = [...new Set(keys)].flatMap((key) => this.#byKey.get(key) ?? []);
    if (positions.length === 0) return this.#others;
    // A rule that takes one of several values may be found by two of them.
    return [...new Set([...positions, ...this.#others])].sort((a, b) => a - b);
  }
}
