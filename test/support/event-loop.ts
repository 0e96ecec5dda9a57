/** Counts turns of the event loop, from now until it is told to stop. */
export class TurnCount {
  turns = 0;
  #next = setImmediate(() => this.#count());

  stop(): void {
    clearImmediate(this.#next);
  }

  #count(): void {
    this.turns += 1;
    this.#next = setImmediate(() => this.#count());
  }
}

/** Holds the event loop for so many milliseconds. */
export function burn(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}
