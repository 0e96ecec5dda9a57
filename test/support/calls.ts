/** Calls that the code under test made, to be awaited one by one, in order. */
export class Calls<T> {
  readonly #arrived: T[] = [];
  readonly #waiting: ((call: T) => void)[] = [];

  readonly add = (call: T): void => {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#arrived.push(call);
    else waiter(call);
  };

  /** The next call, once it is there. */
  next(): Promise<T> {
    const arrived = this.#arrived.shift();
    if (arrived !== undefined) return Promise.resolve(arrived);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Calls that no test has awaited. */
  get unread(): number {
    return this.#arrived.length;
  }
}
