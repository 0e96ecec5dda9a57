import type { Clock } from '../proxy/ports/clock.js';
import type { Dispatch } from './outbox.js';
import type { MessageId } from './outgoing.js';
import { RequestFailure } from './request-failure.js';
import type { MessageFault, RestResponse } from './rest.js';

/** The bounds of a wait for a response. */
export interface Patience {
  /** Milliseconds. */
  readonly timeout: number;
  /** Gives the request up when it fires; the other peer is not told. */
  readonly signal?: AbortSignal | undefined;
}

type Outcome = RestResponse | RequestFailure;

interface Waiting {
  readonly dispatch: Dispatch;
  readonly settle: (outcome: Outcome) => void;
}

/** Requests that wait for their responses, in whatever order these come. Each leaves by exactly one way. */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Waits for the response to `id`. Rejects with {@link RequestFailure}. */
  wait(id: number, dispatch: Dispatch, { timeout, signal }: Patience): Promise<RestResponse> {
    return new Promise((resolve, reject) => {
      const key = String(id);
      const settle = (outcome: Outcome): void => {
        this.#waiting.delete(key);
        cancel();
        signal?.removeEventListener('abort', abort);
        if (outcome instanceof RequestFailure) reject(outcome);
        else resolve(outcome);
      };
      const abort = (): void => settle(new RequestFailure('aborted', 'the caller gave up'));
      const late = (): void => settle(new RequestFailure('timeout', `no response within ${timeout / 1000} s`));
      const cancel = this.#clock.after(timeout, late);
      this.#waiting.set(key, { dispatch, settle });
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted === true) abort();
    });
  }

  /** Hands over a response; a response that nobody waits for (too late, or never asked for) is dropped. Some peers echo ids as text. */
  answer(inResponseTo: MessageId, response: RestResponse | MessageFault): void {
    const waiting = this.#waiting.get(String(inResponseTo));
    if (waiting === undefined) return;
    waiting.settle(
      'fault' in response
        ? new RequestFailure('bad_response', `the response is not valid: ${response.fault}`)
        : response,
    );
  }

  /**
   * The connection ended: ends every wait.
   *
   * @param taken how many messages of the connection the proxy took, where it said so
   */
  failAll(taken: number | undefined): void {
    for (const { dispatch, settle } of [...this.#waiting.values()]) {
      const { number } = dispatch;
      const isTaken = number !== undefined && (taken === undefined || number <= taken);
      settle(isTaken ? unanswered() : notTaken());
    }
  }
}

function unanswered(): RequestFailure {
  return new RequestFailure('disconnected', 'the connection ended before the response came');
}

function notTaken(): RequestFailure {
  return new RequestFailure('not_taken', 'the connection ended before the proxy took the request');
}
