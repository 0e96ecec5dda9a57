import type { Identity } from '../../x509/identity.js';
import type { Evidence } from './matcher.js';
import type { Rule } from './rule.js';
import { RuleIndex } from './rule-index.js';

/** Most certificates whose rules are remembered: one upgrade asks twice, and a certificate that many share asks again and again. */
export const MAX_REMEMBERED = 64;
/** Most rules that are remembered for one certificate. */
const MAX_RULES_REMEMBERED = 256;

/** A rule that is for a certificate, with what the certificate's SANs gave to its names. */
export interface FittingRule {
  readonly rule: Rule;
  readonly evidence: Evidence;
}

/**
 * Finds the rules that are for a certificate, whatever the meetup. The last certificates are remembered by their object. Rules and
 * identities never change, so the answer never does; another version of the policy has a memory of its own.
 */
export class FittingRules {
  readonly #rules: readonly Rule[];
  readonly #index: RuleIndex;
  /** The least recently asked first. */
  readonly #known = new Map<Identity, readonly FittingRule[]>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#index = new RuleIndex(rules);
  }

  /** In the order of the file. */
  of(identity: Identity): readonly FittingRule[] {
    const fitting = this.#known.get(identity) ?? this.#find(identity);
    if (fitting.length > MAX_RULES_REMEMBERED) return fitting;
    this.#known.delete(identity);
    this.#known.set(identity, fitting);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return fitting;
  }

  #find(identity: Identity): readonly FittingRule[] {
    const found: FittingRule[] = [];
    for (const position of this.#index.candidates(identity)) {
      const rule = this.#rules[position];
      const matched = rule?.matcher.match(identity);
      if (rule !== undefined && matched !== undefined && 'evidence' in matched)
        found.push({ rule, evidence: matched.evidence });
    }
    return found;
  }
}
