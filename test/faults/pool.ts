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
 * it, as long as none of them left it broken.
 */
export class Pool<F extends PooledFault, A extends PooledArena, R extends { readonly wrong: readonly string[] }> {
  readonly #ground: Ground<F, A, R>;
  readonly #outcomes = new Map<string, Promise<R | Unable<F>>>();
  readonly #settle = new Map<string, { resolve: (outcome: R | Unable<F>) => void; reject: (error: unknown) => void }>();
  readonly #idle: A[] = [];
  readonly #open = new Set<A>();
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
    await Promise.all(this.#idle.splice(0).map((arena) => this.#close(arena)));
  }

  async #work(queue: F[]): Promise<void> {
    for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
      const { resolve, reject } = this.#settle.get(fault.name) ?? {};
      if (this.#isStopped) reject?.(new Error('the suite was stopped'));
      else await this.#play(fault).then(resolve, reject);
    }
  }

  async #play(fault: F): Promise<R | Unable<F>> {
    const unable = fault.unable?.();
    if (unable !== undefined) return { fault, unable };
    const arena = (fault.arena === undefined ? this.#idle.pop() : undefined) ?? (await this.#start(fault));
    try {
      const result = await this.#ground.play(fault, arena);
      const isGood = fault.arena === undefined && result.wrong.length === 0;
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
