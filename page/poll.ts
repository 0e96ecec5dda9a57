import type { Answer } from './answer.js';

/** Time between two questions, and the longest time between two that fail, milliseconds. */
const INTERVAL = 1_000;
const MAX_WAIT = 15_000;
/** Part of the time that questions may take of the service: where an answer takes long, the next question comes later. */
const BUSY_PART = 0.1;
/** Time for an answer, milliseconds. */
const TIMEOUT = 5_000;

export interface Poll {
  /** The query of the next question. */
  readonly question: () => string;
  readonly answered: (answer: Answer) => void;
  /** It failed; the next attempt is after that many milliseconds. */
  readonly failed: (why: string, wait: number) => void;
}

/** Asks what is new, again and again while someone looks; what is out of date is never drawn. */
export class Poller {
  readonly #poll: Poll;
  #timer: number | undefined;
  #asking: AbortController | undefined;
  #wait = INTERVAL;

  constructor(poll: Poll) {
    this.#poll = poll;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#stop();
      else this.now();
    });
  }

  /** Asks at once. A question that waits for its answer is given up: it asked for something else. */
  now(): void {
    this.#stop();
    const asking = new AbortController();
    this.#asking = asking;
    const asked = performance.now();
    this.#ask(asking.signal).then(
      () => {
        this.#wait = INTERVAL;
        this.#later(Math.min(MAX_WAIT, Math.max(INTERVAL, (performance.now() - asked) / BUSY_PART)));
      },
      (error: unknown) => {
        if (asking.signal.aborted) return;
        this.#wait = Math.min(MAX_WAIT, this.#wait * 2);
        this.#poll.failed(wordsOf(error), this.#wait);
        this.#later(this.#wait);
      },
    );
  }

  async #ask(given: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([given, AbortSignal.timeout(TIMEOUT)]);
    const response = await fetch(`/page/state?${this.#poll.question()}`, { signal });
    if (!response.ok) throw new Error(reasonIn(await response.text()));
    const answer = (await response.json()) as Answer;
    if (!given.aborted) this.#poll.answered(answer);
  }

  #later(wait: number): void {
    if (!document.hidden) this.#timer = window.setTimeout(() => this.now(), wait);
  }

  #stop(): void {
    window.clearTimeout(this.#timer);
    this.#asking?.abort();
  }
}

/** Why there was no answer. What the browser says of a connection that failed differs from one browser to the next. */
function wordsOf(error: unknown): string {
  if (error instanceof TypeError) return 'there is no connection to it';
  if (error instanceof DOMException && error.name === 'TimeoutError') return `it took longer than ${TIMEOUT / 1000} s`;
  return error instanceof Error ? error.message : String(error);
}

/** The reason in a refusal, which is a line of text, or JSON where it is the control API's. */
function reasonIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // It is no JSON.
  }
  return text.trim().slice(0, 300);
}
