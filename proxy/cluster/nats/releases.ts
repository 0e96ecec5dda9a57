/** Releases that NATS is asked for at one time: it drops all that wait when too many do. */
const MAX_ASKED = 256;

/** Releases of claims, some at a time. One that fails is not tried again here: who asked looks for what stayed behind. */
export class Releases {
  readonly #release: (sequence: number) => Promise<unknown>;
  /** At most one for each claim that this replica had. */
  readonly #waiting: number[] = [];
  readonly #settled = new Set<() => void>();
  #asked = 0;

  /** `release` never rejects. */
  constructor(release: (sequence: number) => Promise<unknown>) {
    this.#release = release;
  }

  add(sequence: number): void {
    this.#waiting.push(sequence);
    this.#go();
  }

  /** Resolves when none waits for an answer. */
  settled(): Promise<void> {
    if (this.#asked === 0) return Promise.resolve();
    return new Promise((resolve) => this.#settled.add(resolve));
  }

  #go(): void {
    while (this.#asked < MAX_ASKED) {
      const sequence = this.#waiting.pop();
      if (sequence === undefined) break;
      this.#asked += 1;
      void this.#release(sequence).then(() => this.#answered());
    }
  }

  #answered(): void {
    this.#asked -= 1;
    this.#go();
    if (this.#asked > 0) return;
    for (const settled of this.#settled) settled();
    this.#settled.clear();
  }
}
