import type { ServerResponse } from 'node:http';
import type { Clock } from '../ports/clock.js';
import { PAGE_HEADERS } from './headers.js';

/** Most answers that are made, or wait for their readers, at one time. An answer is at most about 1 MiB, which bounds the cost of stalled viewers. */
export const MAX_OPEN_ANSWERS = 16;
/** Time that a reader has to take an answer, milliseconds. */
export const ANSWER_TIMEOUT = 10_000;

/**
 * Sends the answers of the page. The page asks again and again instead of holding a stream open: the service keeps nothing for a
 * viewer between two questions, so a viewer that stalls, sleeps or goes away costs at most the answer that it has not taken.
 */
export class Answers {
  readonly #clock: Clock;
  readonly #fault: (error: unknown) => void;
  readonly #most: number;
  #open = 0;

  /**
   * @param fault is told of an answer that could not be made, which costs that answer alone
   * @param most most answers that may be made, or wait for their readers, at one time
   */
  constructor(clock: Clock, fault: (error: unknown) => void, most = MAX_OPEN_ANSWERS) {
    this.#clock = clock;
    this.#fault = fault;
    this.#most = most;
  }

  /** Number of answers that are still made, or not taken yet. */
  get open(): number {
    return this.#open;
  }

  /**
   * Sends the value as JSON; the value is not even made when too many answers wait. An answer has its place until it was taken or its asker is gone, and
   * nothing more is done for it.
   * @param make makes the value; it may stop early once the function that it is given says that the asker is gone
   * @param missing why there is none, where the value is undefined
   */
  json(
    response: ServerResponse,
    make: (isGone: () => boolean) => Promise<unknown>,
    missing = 'there is nothing',
  ): void {
    if (this.#open >= this.#most) {
      refuse(response, 503, 'too many viewers at once: try again', { 'retry-after': '1' });
      return;
    }
    this.#open += 1;
    const cancel = this.#clock.after(ANSWER_TIMEOUT, () => response.destroy());
    const closed = new Promise<void>((resolve) => {
      response.once('close', () => {
        cancel();
        resolve();
      });
    });
    const made = make(() => response.destroyed)
      .then((value) => {
        if (response.destroyed) return;
        if (value === undefined) refuse(response, 404, missing);
        else send(response, 200, 'application/json; charset=utf-8', JSON.stringify(value));
      })
      .catch((error: unknown) => {
        this.#fault(error);
        if (response.headersSent) response.destroy();
        else if (!response.destroyed) refuse(response, 500, 'a fault: the log has it');
      });
    void Promise.all([closed, made]).then(() => {
      this.#open -= 1;
    });
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
