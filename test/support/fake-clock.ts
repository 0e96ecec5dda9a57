import type { Clock } from '../../proxy/ports/clock.js';

interface Timer {
  at: number;
  readonly every: number | undefined;
  readonly callback: () => void;
}

/** A clock that moves only when told; timers fire in order of their time. */
export class FakeClock implements Clock {
  /** 2026-01-01T00:00:00Z. */
  static readonly EPOCH = 1_767_225_600_000;
  readonly #timers = new Set<Timer>();
  #elapsed = 0;

  now(): number {
    return FakeClock.EPOCH + this.#elapsed;
  }

  steady(): number {
    return this.#elapsed;
  }

  after(ms: number, callback: () => void): () => void {
    return this.#add({ at: this.#elapsed + ms, every: undefined, callback });
  }

  every(ms: number, callback: () => void): () => void {
    return this.#add({ at: this.#elapsed + ms, every: ms, callback });
  }

  /** Timers that are set; a clean machine ends with none. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves the time on by `ms`, firing what falls due on the way. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (let next = this.#due(end); next !== undefined; next = this.#due(end)) {
      this.#elapsed = next.at;
      if (next.every === undefined) this.#timers.delete(next);
      else next.at += next.every;
      next.callback();
    }
    this.#elapsed = end;
  }

  /** Lets time pass as it passes for a process that is stopped: what falls due meanwhile is called by `wake`, late and once. */
  stand(ms: number): void {
    this.#elapsed += ms;
  }

  /** Calls what fell due while the process stood still. */
  wake(): void {
    const due = [...this.#timers].filter(({ at }) => at <= this.#elapsed).sort((a, b) => a.at - b.at);
    for (const timer of due) {
      if (!this.#timers.has(timer)) continue;
      if (timer.every === undefined) this.#timers.delete(timer);
      else timer.at = this.#elapsed + timer.every;
      timer.callback();
    }
  }

  #due(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}
