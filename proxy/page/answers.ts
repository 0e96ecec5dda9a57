import type { ServerResponse } from 'node:http';
import type { Clock } from '../ports/clock.js';
import { PAGE_HEADERS } from './headers.js';

/** Answers that wait for their reader at one time; each is at most about 1 MiB, so stalled viewers cost no more than that many. */
export const MAX_OPEN_ANSWERS = 16;
/** Time that a reader has to take an answer, milliseconds. */
export const ANSWER_TIMEOUT = 10_000;

/**
 * Sends what was asked for. The page asks again and again instead of holding a stream open: the service keeps nothing for a
 * viewer between two questions, so one that stalls, sleeps or goes away costs at most the one answer that it has not taken.
 */
export class Answers {
  readonly #clock: Clock;
  readonly #most: number;
  #open = 0;

  /** @param most answers that may wait for their reader at one time */
  constructor(clock: Clock, most = MAX_OPEN_ANSWERS) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Answers that are not taken yet. */
  get open(): number {
    return this.#open;
  }

  /** Sends the value as JSON; it is not even made when too many answers wait. */
  json(response: ServerResponse, make: () => unknown): void {
    if (this.#open >= this.#most) {
      refuse(response, 503, 'too many viewers at once: try again', { 'retry-after': '1' });
      return;
    }
    this.#open += 1;
    const cancel = this.#clock.after(ANSWER_TIMEOUT, () => response.destroy());
    response.once('close', () => {
      cancel();
      this.#open -= 1;
    });
    send(response, 200, 'application/json; charset=utf-8', JSON.stringify(make()));
  }
}

/** Sends a body whose length is known. */
export function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  more: Readonly<Record<string, string>> = {},
): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...PAGE_HEADERS, 'content-type': type, 'content-length': length, ...more });
  response.end(body);
}

/** Says in one line why there is no answer. */
export function refuse(
  response: ServerResponse,
  status: number,
  why: string,
  more: Readonly<Record<string, string>> = {},
): void {
  send(response, status, 'text/plain; charset=utf-8', `${why}\n`, more);
}
