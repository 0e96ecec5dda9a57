/** Where a peer can dial: the addresses of one name, of which it takes the next where one cannot be reached. */
export class Doors {
  readonly #urls: readonly string[];
  #at = 0;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /** Address below which the meetups are. */
  get url(): string {
    return this.#urls[this.#at % this.#urls.length] ?? '';
  }

  /** Hears why a dial led to no connection, in the words of `whyNot`. */
  failed(why: string): void {
    if (/^(?:unreachable|tls ECONNRESET|timeout)/.test(why)) this.#at += 1;
  }
}
