import { type Profiler, Session } from 'node:inspector';

/** Code of the product, as opposed to tests and libraries. */
const PRODUCT = /\/dist\/(?!test\/)/;

/** Counts, by V8, the blocks of the product's code that ran, so that an input that does something new is noticed. */
export class Coverage {
  readonly #session = new Session();
  readonly #known = new Set<string>();
  readonly #blocks = new Map<string, Map<string, Block>>();

  readonly #code: RegExp;

  /** @param code the URLs of the scripts that are looked at */
  constructor(code = PRODUCT) {
    this.#code = code;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The blocks that ran since the last look and had not run before `learn` was told of them. */
  look(): ReadonlySet<string> {
    const found = new Set<string>();
    // It answers before it returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error !== null) throw error;
      for (const script of answer.result) if (this.#code.test(script.url)) this.#collect(script, found);
    });
    return found;
  }

  learn(blocks: Iterable<string>): void {
    for (const block of blocks) this.#known.add(block);
  }

  close(): void {
    this.#session.disconnect();
  }

  /** V8 leaves out a block that ran as often as what is round it, so each is looked up that any look has shown. */
  #collect({ url, functions }: Profiler.ScriptCoverage, found: Set<string>): void {
    for (const { ranges } of functions) {
      const [whole] = ranges;
      if (whole === undefined) continue;
      const name = `${url}:${whole.startOffset}:${whole.endOffset}`;
      const blocks = this.#blocks.get(name) ?? new Map<string, Block>();
      this.#blocks.set(name, blocks);
      for (const { startOffset, endOffset } of ranges)
        blocks.set(`${startOffset}:${endOffset}`, { startOffset, endOffset });
      for (const [place, block] of blocks) {
        const key = `${name}:${place}`;
        if (!this.#known.has(key) && countOf(block, ranges) > 0) found.add(key);
      }
    }
  }
}

type Block = Pick<Profiler.CoverageRange, 'startOffset' | 'endOffset'>;

/** The count of the innermost range round the block; they come from the outer to the inner. */
function countOf({ startOffset, endOffset }: Block, ranges: readonly Profiler.CoverageRange[]): number {
  let count = 0;
  for (const range of ranges) {
    if (range.startOffset <= startOffset && endOffset <= range.endOffset) ({ count } = range);
  }
  return count;
}
