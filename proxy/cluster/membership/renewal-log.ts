interface Renewed {
  readonly sequence: number;
  /** When the store's answer came, steady clock. */
  readonly at: number;
}

/**
 * Remembers the numbers of this replica's own renewals. The store numbers all writes in one order, so a record with a number below that of
 * a renewal which was acknowledged some time ago has not been renewed for that time: no other clock is needed to tell.
 */
export class RenewalLog {
  /** Oldest first; all but the first are younger than `span`. */
  readonly #renewed: Renewed[] = [];
  readonly #span: number;

  /** @param span the time to tell, milliseconds */
  constructor(span: number) {
    this.#span = span;
  }

  /** Notes a renewal that the store has acknowledged at `now`. */
  note(sequence: number, now: number): void {
    this.#renewed.push({ sequence, at: now });
    this.#prune(now);
  }

  /** A record with a lower number was not renewed for the span; undefined while this replica has not renewed for that long itself. */
  floor(now: number): number | undefined {
    this.#prune(now);
    const [first] = this.#renewed;
    return first !== undefined && now - first.at >= this.#span ? first.sequence : undefined;
  }

  /** Forgets everything: the others could not renew either, or the store counts anew. */
  clear(): void {
    this.#renewed.length = 0;
  }

  #prune(now: number): void {
    while (this.#renewed[1] !== undefined && now - this.#renewed[1].at >= this.#span) this.#renewed.shift();
  }
}
