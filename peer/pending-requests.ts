import type { Clock } from '../proxy/ports/clock.js';
import type { MessageId } from './outgoing.js';
import { type FailureReason, RequestFailure } from './request-failure.js';
import type { MessageFault, RestResponse } from './rest.js';

/** The bounds of a wait for a response. */
export interface Patience {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

type Outcome = RestResponse | RequestFailure;

/** Requests that wait for their responses, in whatever order these come. Each leaves by exactly one way. */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Waits for the response to `id`. Rejects with {@link RequestFailure}. */
  wait(id: number, { timeout, signal }: Patience): Promise<RestResponse> {
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
      this.#waiting.set(key, settle);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted === true) abort();
    });
  }

  /** Hands over a response; a response that nobody waits for (too late, or never asked for) is dropped. Some peers echo ids as text. */
  answer(inResponseTo: MessageId, response: RestResponse | MessageFault): void {
    const settle = this.#waiting.get(String(inResponseTo));
    if (settle === undefined) return;
    settle(
      'fault' in response
        ? new RequestFailure('bad_response', `the response is not valid: ${response.fault}`)
        : response,
    );
  }

  /** Ends every wait. */
  failAll(reason: FailureReason, message: string): void {
    for (const settle of [...this.#waiting.values()]) settle(new RequestFailure(reason, message));
  }
}
