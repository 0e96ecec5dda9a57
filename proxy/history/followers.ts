/** Who is told of records as they are made; each is told at once and may not block. */
export class Followers<Item> {
  #all: readonly ((item: Item) => void)[] = [];

  /** Adds a follower; the function returned takes it away. */
  add(follower: (item: Item) => void): () => void {
    this.#all = [...this.#all, follower];
    return () => {
      this.#all = this.#all.filter((one) => one !== follower);
    };
  }

  tell(item: Item): void {
    for (const follower of this.#all) follower(item);
  }
}
