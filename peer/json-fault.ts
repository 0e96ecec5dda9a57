/** The first place where a text stops being JSON (RFC 8259). Lines and columns count from 1, columns in UTF-16 units. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** One phrase that says what stands there and what could; it quotes at most one character of the text. */
  readonly problem: string;
}

/** Levels of nesting that are read. */
export const MAX_JSON_DEPTH = 512;

/**
 * Says where `text` stops being JSON; undefined when it is JSON, at most {@link MAX_JSON_DEPTH} levels deep. The engine's own
 * error has no place for every fault, and quotes more of the text than should be seen.
 *
 * This is written by hand because jsonc-parser 3.3.1 was tried and says less: it gives the start of a string for a fault
 * inside it, it does not say what could stand in the place of an unknown character, and it overflows the stack on deep nesting.
 */
export function jsonFault(text: string): JsonFault | undefined {
  const reader = new Reader(text);
  try {
    reader.document();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return place(text, error.at, error.message);
    throw error;
  }
}

class Stop extends Error {
  readonly at: number;

  constructor(at: number, problem: string) {
    super(problem);
    this.at = at;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#stop('the end');
  }

  #value(depth: number): void {
    if (depth > MAX_JSON_DEPTH) throw new Stop(this.#at, `nested deeper than ${MAX_JSON_DEPTH} levels`);
    this.#space();
    const first = this.#text[this.#at];
    if (first === '{') this.#list('}', () => this.#member(depth));
    else if (first === '[') this.#list(']', () => this.#value(depth + 1));
    else if (first === '"') this.#string();
    else if (!this.#matches(/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false|null/y)) this.#stop('a value');
  }

  #list(end: string, item: () => void): void {
    this.#at += 1;
    this.#space();
    if (this.#takes(end)) return;
    for (;;) {
      item();
      this.#space();
      if (this.#takes(end)) return;
      if (!this.#takes(',')) this.#stop(`"," or "${end}"`);
    }
  }

  #member(depth: number): void {
    this.#space();
    if (this.#text[this.#at] !== '"') this.#stop('a name in double quotes');
    this.#string();
    this.#space();
    if (!this.#takes(':')) this.#stop('":"');
    this.#value(depth + 1);
  }

  #string(): void {
    this.#at += 1;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (Number.isNaN(code)) throw new Stop(this.#at, 'the text ends inside a string');
      if (code < 0x20) throw new Stop(this.#at, 'a control character inside a string must be escaped');
      if (code === 0x5c) {
        if (!this.#matches(/\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/y)) throw new Stop(this.#at, 'no such escape');
        continue;
      }
      this.#at += 1;
      if (code === 0x22) return;
    }
  }

  #space(): void {
    this.#matches(/[ \t\r\n]+/y);
  }

  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return false;
    this.#at += found[0].length;
    return true;
  }

  #stop(expected: string): never {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw new Stop(this.#at, `the text ends where ${expected} should be`);
    throw new Stop(this.#at, `${named(code)} where ${expected} should be`);
  }
}

function named(code: number): string {
  const character = String.fromCodePoint(code);
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)
    ? `"${character}"`
    : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function place(text: string, at: number, problem: string): JsonFault {
  const before = text.slice(0, at);
  const line = before.split(/\r\n|\r|\n/).length;
  const column = at - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'));
  return { line, column, problem };
}
