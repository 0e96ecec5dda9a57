/** A list of records, oldest first, that can forget its oldest; it knows how many bytes they take and how many there ever were. */
export class Backlog<Item> {
  readonly #bytesOf: (item: Item) => number;
  #items: Item[] = [];
  /** Items at the front that are forgotten. */
  #gone = 0;
  bytes = 0;
  /** Items that were ever told of, kept or not. */
  seen = 0;

  /** @param bytesOf must give the same for an item whenever it is asked, or `bytes` drifts */
  constructor(bytesOf: (item: Item) => number) {
    this.#bytesOf = bytesOf;
  }

  get size(): number {
    return this.#items.length - this.#gone;
  }

  /** Oldest first. */
  get items(): readonly Item[] {
    return this.#gone === 0 ? this.#items : this.#items.slice(this.#gone);
  }

  /** The last that was added, while it is kept. */
  get newest(): Item | undefined {
    return this.size === 0 ? undefined : this.#items.at(-1);
  }

  /** Returns the bytes that it took. */
  add(item: Item): number {
    const bytes = this.#bytesOf(item);
    this.#items.push(item);
    this.bytes += bytes;
    return bytes;
  }

  /** Newest first. */
  *newestFirst(): Generator<Item> {
    for (let at = this.#items.length - 1; at >= this.#gone; at -= 1) {
      const item = this.#items[at];
      if (item !== undefined) yield item;
    }
  }

  /** The newest that fits, among the last few. */
  recent(among: number, fits: (item: Item) => boolean): Item | undefined {
    const least = Math.max(this.#gone, this.#items.length - among);
    for (let at = this.#items.length - 1; at >= least; at -= 1) {
      const item = this.#items[at];
      if (item !== undefined && fits(item)) return item;
    }
    return undefined;
  }

  /** Forgets the oldest; undefined when there is none. */
  forget(): Item | undefined {
    const item = this.#items[this.#gone];
    if (item === undefined) return undefined;
    this.#gone += 1;
    this.bytes -= this.#bytesOf(item);
    // Half of the array is over: it is made anew.
    if (this.#gone * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#gone);
      this.#gone = 0;
    }
    return item;
  }
}
