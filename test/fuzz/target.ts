/** One part of the product that reads what others write. */
export interface Target {
  /** Also the folder of its inputs in `test/fuzz/corpus`. */
  readonly name: string;
  /** Longest input, bytes. */
  readonly maxBytes: number;
  /** Texts that its grammar is made of: mutations put them in. */
  readonly words: readonly string[];
  /** Starts what inputs are given to. */
  open(): Promise<Opened> | Opened;
}

/** A target that takes inputs, one after another. */
export interface Opened {
  /** Gives it one input. Throws, or rejects, where it does what it must not. */
  run(input: Buffer): void | Promise<void>;
  /** Looks, now and then and at the end, whether it still does its work. */
  check?(): Promise<void>;
  close?(): Promise<void>;
}

/** A target of pure code. */
export function parser(name: string, words: readonly string[], run: (input: Buffer) => void, maxBytes = 4096): Target {
  return { name, maxBytes, words, open: () => ({ run }) };
}

/** A fault that an input showed; any other exception is a fault too. */
export function broken(what: string): never {
  throw new Error(what);
}
