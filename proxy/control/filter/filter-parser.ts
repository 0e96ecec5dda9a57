import { FilterLexer, type Operator, type Token } from './filter-lexer.js';

/** `field op value`. */
export interface Comparison {
  readonly t: 'is';
  readonly field: string;
  readonly op: Operator;
  readonly value: string;
  /** Positions of the three in the text, from 0. */
  readonly at: { readonly field: number; readonly op: number; readonly value: number };
}

export type FilterCondition =
  | Comparison
  | { readonly t: 'and' | 'or'; readonly of: readonly FilterCondition[] }
  | { readonly t: 'not'; readonly of: FilterCondition };

export type FilterParse = { readonly ok: FilterCondition | undefined } | { readonly fault: string };

/** Longest filter, characters. */
export const MAX_FILTER_CHARS = 1024;
/** Most comparisons in one filter. */
export const MAX_FILTER_COMPARISONS = 32;
/** Deepest nesting of brackets. */
export const MAX_FILTER_DEPTH = 8;

/**
 * Reads the grammar of AIP-160 without functions, traversal and bare words: terms joined by OR, groups of them joined by AND or by
 * space alone (OR binds tighter), NOT before a term, brackets. `ok: undefined` for a text of spaces. Throws nothing.
 */
export function parseFilter(text: string): FilterParse {
  if (text.length > MAX_FILTER_CHARS) return { fault: `it is longer than ${MAX_FILTER_CHARS} characters` };
  try {
    return { ok: new Parser(text).all() };
  } catch (error) {
    if (error instanceof SyntaxFault) return { fault: error.message };
    throw error;
  }
}

class SyntaxFault extends Error {}

class Parser {
  readonly #lexer: FilterLexer;
  #token: Token;
  #comparisons = 0;
  #depth = 0;

  constructor(text: string) {
    this.#lexer = new FilterLexer(text);
    this.#token = sound(this.#lexer.next());
  }

  all(): FilterCondition | undefined {
    if (this.#at('end')) return undefined;
    const condition = this.#expression();
    if (!this.#at('end')) throw unexpected(this.#token, 'AND, OR or the end');
    return condition;
  }

  #expression(): FilterCondition {
    const parts = [this.#factor()];
    while (!this.#at('end') && !this.#at('close')) {
      this.#skipWord('AND');
      parts.push(this.#factor());
    }
    return joined('and', parts);
  }

  #factor(): FilterCondition {
    const parts = [this.#term()];
    while (this.#skipWord('OR')) parts.push(this.#term());
    return joined('or', parts);
  }

  #term(): FilterCondition {
    return this.#skipWord('NOT') ? { t: 'not', of: this.#simple() } : this.#simple();
  }

  #simple(): FilterCondition {
    if (!this.#at('open')) return this.#comparison();
    this.#depth += 1;
    if (this.#depth > MAX_FILTER_DEPTH) throw new SyntaxFault(`more than ${MAX_FILTER_DEPTH} levels of brackets`);
    this.#advance();
    const inner = this.#expression();
    if (!this.#at('close')) throw unexpected(this.#token, ')');
    this.#advance();
    this.#depth -= 1;
    return inner;
  }

  #comparison(): Comparison {
    const field = this.#token;
    if (field.t !== 'word' || JOINING.has(field.text)) throw unexpected(field, 'a field');
    this.#comparisons += 1;
    if (this.#comparisons > MAX_FILTER_COMPARISONS) {
      throw new SyntaxFault(`more than ${MAX_FILTER_COMPARISONS} conditions`);
    }
    this.#advance();
    const operator = this.#token;
    if (operator.t !== 'op') throw unexpected(operator, 'one of = != < <= > >= :');
    const value = sound(this.#lexer.value());
    if (value.t !== 'word' && value.t !== 'quoted') throw unexpected(value, 'a value');
    this.#advance();
    const at = { field: field.at, op: operator.at, value: value.at };
    return { t: 'is', field: field.text, op: operator.op, value: value.text, at };
  }

  /** Steps over a joining word; false when another token stands here. */
  #skipWord(word: string): boolean {
    if (this.#token.t !== 'word' || this.#token.text !== word) return false;
    this.#advance();
    return true;
  }

  #at(t: Token['t']): boolean {
    return this.#token.t === t;
  }

  #advance(): void {
    this.#token = sound(this.#lexer.next());
  }
}

const JOINING: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT']);

function joined(t: 'and' | 'or', parts: readonly FilterCondition[]): FilterCondition {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { t, of: parts };
}

function sound(token: Token | { readonly fault: string }): Token {
  if ('fault' in token) throw new SyntaxFault(token.fault);
  return token;
}

function unexpected(token: Token, wanted: string): SyntaxFault {
  return new SyntaxFault(`character ${token.at + 1}: ${wanted} is expected here, not ${shown(token)}`);
}

function shown(token: Token): string {
  switch (token.t) {
    case 'end':
      return 'the end';
    case 'open':
      return '(';
    case 'close':
      return ')';
    case 'op':
      return token.op;
    case 'word':
    case 'quoted':
      return `"${token.text}"`;
  }
}
