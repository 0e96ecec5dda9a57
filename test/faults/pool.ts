import { Arena } from './arena/arena.js';
import { play, type SceneResult } from './scene.js';
import type { Fault } from './table/fault.js';

/** How one row went: played, or left out for a reason. */
export type Outcome = SceneResult | { readonly fault: Fault; readonly unable: string };

/** Arenas at one time. Most of a fault is waiting; more of them than this would measure one another. */
const WORKERS = 3;

/**
 * Plays faults, several at a time, those that need the whole machine one after the other at the end. Faults on the usual arena share
 * it, as long as none of them left it broken.
 */
export class Pool {
  readonly #outcomes = new Map<string, Promise<Outcome>>();
  readonly #settle = new Map<string, { resolve: (outcome: Outcome) => void; reject: (error: unknown) => void }>();
  readonly #idle: Arena[] = [];
  readonly #open = new Set<Arena>();
  #isStopped = false;
  readonly #over: Promise<unknown>;

  constructor(faults: readonly Fault[]) {
    for (const { name } of faults) {
      const outcome = new Promise<Outcome>((resolve, reject) => this.#settle.set(name, { resolve, reject }));
      // Whoever asks for it hears of it.
      outcome.catch(() => {});
      this.#outcomes.set(name, outcome);
    }
    this.#over = this.#run(faults);
  }

  outcomeOf({ name }: Fault): Promise<Outcome> {
    return this.#outcomes.get(name) ?? Promise.reject(new Error(`${name} is not played`));
  }

  /** Begins no further fault and ends all that runs. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#open].map((arena) => this.#close(arena)));
    await this.#over;
  }

  async #run(faults: readonly Fault[]): Promise<void> {
    // The longest first, so that none is left alone at the end.
    const queue = faults
      .filter(({ isAlone }) => isAlone !== true)
      .toSorted((one, other) => lastsOf(other) - lastsOf(one));
    await Promise.all(Array.from({ length: WORKERS }, () => this.#work(queue)));
    await this.#work(faults.filter(({ isAlone }) => isAlone === true));
    await Promise.all(this.#idle.splice(0).map((arena) => this.#close(arena)));
  }

  async #work(queue: Fault[]): Promise<void> {
    for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
      const { resolve, reject } = this.#settle.get(fault.name) ?? {};
      if (this.#isStopped) reject?.(new Error('the suite was stopped'));
      else await this.#play(fault).then(resolve, reject);
    }
  }

  async #play(fault: Fault): Promise<Outcome> {
    const unable = fault.unable?.();
    if (unable !== undefined) return { fault, unable };
    const arena = (fault.arena === undefined ? this.#idle.pop() : undefined) ?? (await this.#start(fault));
    try {
      const result = await play(fault, arena);
      const isGood = fault.arena === undefined && result.wrong.length === 0;
      if (isGood) this.#idle.push(arena);
      else await this.#close(arena);
      return result;
    } catch (error) {
      const words = [arena.service, arena.envoy].map((part) => `--- ${part.name}\n${part.lastWords()}`).join('\n');
      await this.#close(arena);
      throw new Error(`${error instanceof Error ? error.message : error}\n${words}`);
    }
  }

  async #start({ arena: plan }: Fault): Promise<Arena> {
    const arena = await Arena.start(plan);
    this.#open.add(arena);
    return arena;
  }

  async #close(arena: Arena): Promise<void> {
    if (!this.#open.delete(arena)) return;
    await arena.close();
  }
}

/** A guess at how long a fault lasts: by what may happen after it. */
function lastsOf({ bounds, form }: Fault): number {
  return bounds.recovery + (form === 'long' ? 1_000_000 : 0);
}
