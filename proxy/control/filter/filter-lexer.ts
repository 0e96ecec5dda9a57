/** One token of a filter; `at` is its position in the text, from 0. */
export type Token =
  | { readonly t: 'open' | 'close' | 'end'; readonly at: number }
  | { readonly t: 'op'; readonly op: Operator; readonly at: number }
  | { readonly t: 'word' | 'quoted'; readonly text: string; readonly at: number };

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | ':';

/** Longest first: `<=` before `<`. */
const OPERATORS: readonly Operator[] = ['!=', '<=', '>=', '=', '<', '>', ':'];
/** A value without quotes runs to the next space, bracket or quote: times and meetup ids hold operators' characters. */
const VALUE = /[^\s()"']+/y;
/** A field's name or a joining word ends at an operator too. */
const NAME = /[^\s()"'=!<>:]+/y;
const SPACE = /\s*/y;

/** Walks over a filter's text. */
export class FilterLexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads the next token where a field, a joining word, a bracket or an operator may stand. */
  next(): Token | { readonly fault: string } {
    return this.#piece(NAME);
  }

  /** Reads the next token where a value may stand. */
  value(): Token | { readonly fault: string } {
    return this.#piece(VALUE);
  }

  #piece(word: RegExp): Token | { readonly fault: string } {
    this.#take(SPACE);
    const at = this.#at;
    const char = this.#text[at];
    if (char === undefined) return { t: 'end', at };
    if (char === '(' || char === ')') {
      this.#at += 1;
      return { t: char === '(' ? 'open' : 'close', at };
    }
    if (char === '"' || char === "'") return this.#quoted(char, at);
    const text = this.#take(word);
    return text === '' ? this.#operator(at) : { t: 'word', text, at };
  }

  #operator(at: number): Token | { readonly fault: string } {
    const op = OPERATORS.find((one) => this.#text.startsWith(one, at));
    if (op === undefined) return { fault: `character ${at + 1}: ${this.#text[at]} does not belong here` };
    this.#at += op.length;
    return { t: 'op', op, at };
  }

  #quoted(quote: string, at: number): Token | { readonly fault: string } {
    let text = '';
    for (let i = at + 1; i < this.#text.length; i += 1) {
      const char = this.#text[i] ?? '';
      if (char === quote) {
        this.#at = i + 1;
        return { t: 'quoted', text, at };
      }
      if (char === '\\') i += 1;
      text += this.#text[i] ?? '';
    }
    return { fault: `character ${at + 1}: the quote does not end` };
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}
