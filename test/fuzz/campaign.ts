import { grownOf, keepFailed, keepGrown, MAX_INPUTS, seedsOf } from './corpus.js';
import type { Coverage } from './coverage.js';
import { type Material, mutated } from './mutate.js';
import { Random } from './random.js';
import type { Opened, Target } from './target.js';

/** How long, and from which seed. */
export interface Plan {
  /** Milliseconds for this target, once it is open. */
  readonly time: number;
  readonly seed: number;
  /** Folder of what is kept. */
  readonly kept: string;
}

/** The result of one target. */
export interface Outcome {
  readonly target: string;
  readonly runs: number;
  /** Inputs that did something new. */
  readonly grown: number;
  readonly failure?: Failure;
}

/** An input after which something was wrong. */
export interface Failure {
  readonly error: unknown;
  /** Path of the input, from the project's folder. */
  readonly input: string;
}

/** Inputs between two looks at what ran, and the milliseconds that they may take: one look costs as much as many parses. */
const BATCH = 512;
const BATCH_MS = 50;
/** Milliseconds that one input may take: far more than any needs, also on a busy machine. */
const SLOW_MS = 10_000;
/** Batches between two checks that the target still works. */
const CHECKED = 8;

/** Gives a target its seeds and what has grown, and then mutations of it until the time is over or one fails. */
export async function campaign(target: Target, plan: Plan, coverage: Coverage): Promise<Outcome> {
  const faults = new Faults();
  const opened = await target.open();
  const end = performance.now() + plan.time;
  const run = new Run(target, opened, faults, plan.kept);
  try {
    const [seeds, grown] = [seedsOf(target.name), grownOf(target.name, plan.kept)];
    const corpus = [...seeds, ...grown];
    const before = corpus.length;
    const growth = new Growth(target, corpus, new Random(plan.seed), run, coverage, plan.kept);
    let failure = await run.all(seeds);
    // Of many that have grown a short run has time for some.
    failure ??= await run.all(new Random(plan.seed).shuffled(grown), end - plan.time / 2);
    coverage.learn(coverage.look());
    for (let batch = 1; failure === undefined && performance.now() < end; batch += 1) {
      failure = await growth.batch(end);
      if (failure === undefined && batch % CHECKED === 0) failure = await run.check();
    }
    failure ??= await run.check();
    return { target: target.name, runs: run.count, grown: corpus.length - before, ...(failure && { failure }) };
  } finally {
    faults.close();
    await opened.close?.();
  }
}

/** A corpus that takes in what reaches new code. */
class Growth {
  readonly #material: Material & { readonly corpus: Buffer[]; readonly name: string };
  readonly #random: Random;
  readonly #run: Run;
  readonly #coverage: Coverage;
  readonly #kept: string;

  constructor(
    { name, words, maxBytes }: Target,
    corpus: Buffer[],
    random: Random,
    run: Run,
    coverage: Coverage,
    kept: string,
  ) {
    this.#material = { name, words, maxBytes, corpus };
    this.#random = random;
    this.#run = run;
    this.#coverage = coverage;
    this.#kept = kept;
  }

  /** Mutations for a short while, and then a look at what they did. */
  async batch(end: number): Promise<Failure | undefined> {
    const inputs: Buffer[] = [];
    const enough = performance.now() + BATCH_MS;
    while (inputs.length < BATCH && performance.now() < enough) {
      const input = mutated(this.#origin(), this.#random, this.#material);
      inputs.push(input);
      const failure = await this.#run.all([input]);
      if (failure !== undefined) return failure;
    }
    const blocks = this.#coverage.look();
    if (blocks.size > 0) await this.#grow(blocks, inputs, end);
    return undefined;
  }

  #origin(): Buffer {
    const { corpus } = this.#material;
    return corpus.length === 0 ? Buffer.alloc(0) : this.#random.of(corpus);
  }

  async #grow(blocks: ReadonlySet<string>, inputs: readonly Buffer[], end: number): Promise<void> {
    const { corpus, name } = this.#material;
    const found = await this.#run.thatReach(blocks, inputs, this.#coverage, end);
    this.#coverage.learn(blocks);
    for (const input of found.slice(0, MAX_INPUTS - corpus.length)) {
      corpus.push(input);
      keepGrown(name, this.#kept, input);
    }
  }
}

/** Gives one input once more. */
export async function replay(target: Target, input: Buffer, kept: string): Promise<Failure | undefined> {
  const faults = new Faults();
  const opened = await target.open();
  const run = new Run(target, opened, faults, kept);
  try {
    return (await run.all([input])) ?? (await run.check());
  } finally {
    faults.close();
    await opened.close?.();
  }
}

class Run {
  count = 0;
  readonly #target: Target;
  readonly #opened: Opened;
  readonly #faults: Faults;
  readonly #kept: string;
  #last: Buffer = Buffer.alloc(0);

  constructor(target: Target, opened: Opened, faults: Faults, kept: string) {
    this.#kept = kept;
    this.#target = target;
    this.#opened = opened;
    this.#faults = faults;
  }

  /** Stops at the first that fails, and at that time. */
  async all(inputs: readonly Buffer[], end = Number.POSITIVE_INFINITY): Promise<Failure | undefined> {
    for (const input of inputs) {
      if (performance.now() > end) return undefined;
      const failure = await this.#one(input);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** The inputs of a batch that reach those blocks, one of them for each block; none where chance did, or no time is left. */
  async thatReach(
    blocks: ReadonlySet<string>,
    inputs: readonly Buffer[],
    coverage: Coverage,
    end: number,
  ): Promise<Buffer[]> {
    const left = new Set(blocks);
    const found: Buffer[] = [];
    const reaches = async (some: readonly Buffer[]): Promise<readonly string[]> => {
      for (const input of some) await this.#one(input);
      return [...coverage.look()].filter((block) => left.has(block));
    };
    const search = async (some: readonly Buffer[]): Promise<void> => {
      if (left.size === 0 || some.length === 0 || performance.now() > end) return;
      const reached = await reaches(some);
      const [only, another] = some;
      if (reached.length === 0) return;
      if (only !== undefined && another === undefined) {
        found.push(only);
        for (const block of reached) left.delete(block);
        return;
      }
      const half = some.length >> 1;
      await search(some.slice(0, half));
      await search(some.slice(half));
    };
    await search(inputs);
    return found;
  }

  async check(): Promise<Failure | undefined> {
    try {
      await this.#opened.check?.();
      this.#faults.rethrow();
      return undefined;
    } catch (error) {
      return { error, input: keepFailed(this.#target.name, this.#kept, this.#last) };
    }
  }

  async #one(input: Buffer): Promise<Failure | undefined> {
    this.#last = input;
    this.count += 1;
    const since = performance.now();
    try {
      // A target that writes into what it reads shall not change the corpus.
      const running = this.#opened.run(Buffer.from(input));
      if (running !== undefined) await running;
      this.#faults.rethrow();
      if (performance.now() - since > SLOW_MS) throw new Error(`it took more than ${SLOW_MS / 1000} s`);
      return undefined;
    } catch (error) {
      return { error, input: keepFailed(this.#target.name, this.#kept, input) };
    }
  }
}

/** Node's events for exceptions and rejections that nobody caught. */
const EVENTS = ['uncaughtException', 'unhandledRejection'];

/** Exceptions and rejections that nobody caught, while it is open. */
class Faults {
  readonly #errors: unknown[] = [];
  readonly #hear = (error: unknown): void => void this.#errors.push(error);

  constructor() {
    for (const event of EVENTS) process.prependListener(event as 'unhandledRejection', this.#hear);
  }

  rethrow(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }

  close(): void {
    for (const event of EVENTS) process.off(event, this.#hear);
  }
}
