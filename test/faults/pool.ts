import type { ArenaPart } from './arena/arena-part.js';
import { withLastWords } from './arena/last-words.js';

/** What the pool has to know of a fault. */
interface PooledFault {
  readonly name: string;
  readonly form: 'short' | 'long';
  readonly bounds: { readonly recovery: number };
  readonly arena?: unknown;
  readonly isAlone?: true;
  readonly unable?: () => string | undefined;
}

interface PooledArena {
  readonly parts: readonly Pick<ArenaPart, 'name' | 'lastWords'>[];
  close(): Promise<void>;
}

/** What the pool has to know of how a fault went. */
interface PlayedFault {
  readonly wrong: readonly string[];
  readonly late: readonly string[];
  readonly notes: readonly string[];
}

/** A fault that was left out, for a reason. */
export interface Unable<F> {
  readonly fault: F;
  readonly unable: string;
}

/** Where faults are played, and how. */
export interface Ground<F, A, R> {
  /** Arenas at one time. Most of a fault is waiting; too many of them would measure one another. */
  readonly workers: number;
  start(fault: F): Promise<A>;
  play(fault: F, arena: A): Promise<R>;
}

/**
 * Plays faults, several at a time, those that need the whole machine one after the other at the end. Faults on the usual arena share
 * it, as long as none of them left it broken. A fault with a time above its bound is played once more at the very end, with the machine to
 * itself, and says so: that time may have been the others'.
 */
export class Pool<F extends PooledFault, A extends PooledArena, R extends PlayedFault> {
  readonly #ground: Ground<F, A, R>;
  readonly #outcomes = new Map<string, Promise<R | Unable<F>>>();
  readonly #settle = new Map<string, { resolve: (outcome: R | Unable<F>) => void; reject: (error: unknown) => void }>();
  readonly #idle: A[] = [];
  readonly #open = new Set<A>();
  /** Those that are played once more, with what was late. */
  readonly #again: { readonly fault: F; readonly late: readonly string[] }[] = [];
  #isStopped = false;
  readonly #over: Promise<unknown>;

  constructor(faults: readonly F[], ground: Ground<F, A, R>) {
    this.#ground = ground;
    for (const { name } of faults) {
      const outcome = new Promise<R | Unable<F>>((resolve, reject) => this.#settle.set(name, { resolve, reject }));
      // Whoever asks for it hears of it.
      outcome.catch(() => {});
      this.#outcomes.set(name, outcome);
    }
    this.#over = this.#run(faults);
  }

  outcomeOf({ name }: F): Promise<R | Unable<F>> {
    return this.#outcomes.get(name) ?? Promise.reject(new Error(`${name} is not played`));
  }

  /** Begins no further fault and ends all that runs. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#open].map((arena) => this.#close(arena)));
    await this.#over;
  }

  async #run(faults: readonly F[]): Promise<void> {
    // The longest first, so that none is left alone at the end.
    const queue = faults
      .filter(({ isAlone }) => isAlone !== true)
      .toSorted((one, other) => lastsOf(other) - lastsOf(one));
    await Promise.all(Array.from({ length: this.#ground.workers }, () => this.#work(queue)));
    await this.#work(faults.filter(({ isAlone }) => isAlone === true));
    for (const { fault, late } of this.#again) await this.#end(fault, () => this.#playAgain(fault, late));
    await Promise.all(this.#idle.splice(0).map((arena) => this.#close(arena)));
  }

  async #work(queue: F[]): Promise<void> {
    for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
      const next = fault;
      await this.#end(next, () => this.#playOnce(next));
    }
  }

  /** Settles the outcome of that fault with what `play` resolves with, unless that is undefined. */
  async #end({ name }: F, play: () => Promise<R | Unable<F> | undefined>): Promise<void> {
    const { resolve, reject } = this.#settle.get(name) ?? {};
    if (this.#isStopped) return reject?.(new Error('the suite was stopped'));
    await play().then((outcome) => (outcome === undefined ? undefined : resolve?.(outcome)), reject);
  }

  /** Undefined where it has to be played again. */
  async #playOnce(fault: F): Promise<R | Unable<F> | undefined> {
    const outcome = await this.#play(fault);
    if ('unable' in outcome || outcome.wrong.length > 0 || outcome.late.length === 0) return outcome;
    this.#again.push({ fault, late: outcome.late });
    return undefined;
  }

  async #playAgain(fault: F, late: readonly string[]): Promise<R | Unable<F>> {
    const outcome = await this.#play(fault);
    if ('unable' in outcome) return outcome;
    const notes = [...outcome.notes, ...late.map((line) => `played again by itself; at first ${line}`)];
    return { ...outcome, notes, wrong: [...outcome.wrong, ...outcome.late] };
  }

  async #play(fault: F): Promise<R | Unable<F>> {
    const unable = fault.unable?.();
    if (unable !== undefined) return { fault, unable };
    const arena = (fault.arena === undefined ? this.#idle.pop() : undefined) ?? (await this.#start(fault));
    try {
      const result = await this.#ground.play(fault, arena);
      const isGood = fault.arena === undefined && result.wrong.length === 0 && result.late.length === 0;
      if (isGood) this.#idle.push(arena);
      else await this.#close(arena);
      return result;
    } catch (error) {
      const failure = withLastWords(error, arena.parts);
      await this.#close(arena);
      throw failure;
    }
  }

  async #start(fault: F): Promise<A> {
    const arena = await this.#ground.start(fault);
    this.#open.add(arena);
    return arena;
  }

  async #close(arena: A): Promise<void> {
    if (!this.#open.delete(arena)) return;
    await arena.close();
  }
}

/** A guess at how long a fault lasts: by what may happen after it. */
function lastsOf({ bounds, form }: PooledFault): number {
  return bounds.recovery + (form === 'long' ? 1_000_000 : 0);
}
