/** Calls that something made, to be waited for one by one, in order, none missed. */
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

  /** Calls that nobody waited for. */
  get unread(): number {
    return this.#arrived.length;
  }
}
