import { bearerOf } from '../../x509/identity.js';
import type { Caller } from './caller.js';
import { full } from './fault.js';
import type { Outlet } from './outlet.js';

/** Seconds after which who got no slot may try again. */
const RETRY_SECONDS = 30;

/** Bounds the number of streams, in all and of one caller. */
export class Slots {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #taken = new Map<string, number>();
  #used = 0;

  constructor(most: number, mostOfOne: number) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  get used(): number {
    return this.#used;
  }

  /** Takes a slot for as long as a stream of the caller takes room. Throws Fault, in those words, when there is none. */
  hold(
    { identity }: Caller,
    outlet: Pick<Outlet<never>, 'onceGone'>,
    reason: 'WATCHERS_FULL' | 'TAPS_FULL',
    message: string,
  ): void {
    const release = this.take(bearerOf(identity));
    if (release === undefined) throw full(reason, message, RETRY_SECONDS);
    outlet.onceGone(release);
  }

  /** Takes a slot for a caller (`bearerOf`); the function returned gives it back once. Undefined when there is none. */
  take(caller: string): (() => void) | undefined {
    const own = this.#taken.get(caller) ?? 0;
    if (this.#used >= this.#most || own >= this.#mostOfOne) return undefined;
    this.#used += 1;
    this.#taken.set(caller, own + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#give(caller);
    };
  }

  #give(caller: string): void {
    this.#used -= 1;
    const left = (this.#taken.get(caller) ?? 1) - 1;
    if (left === 0) this.#taken.delete(caller);
    else this.#taken.set(caller, left);
  }
}
