import { status as Code } from '@grpc/grpc-js';
import type { Clock } from '../../ports/clock.js';
import type { Caller } from './caller.js';
import { Fault } from './fault.js';
import { requestIdIn } from './field-values.js';

/** Time for which an answer is remembered, milliseconds. */
export const REMEMBER_TIME = 10 * 60_000;
/** Most answers that are remembered; the oldest is forgotten first. */
export const REMEMBER_MOST = 1024;

interface Memory {
  readonly question: string;
  readonly answer: Promise<object>;
  readonly until: number;
}

/** Makes a call safe to repeat (AIP-155): a repeated request id of the same caller gets the first answer, and the work is not done again. */
export class Once {
  readonly #clock: Clock;
  readonly #memories = new Map<string, Memory>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Does the work, or returns the first answer, also while the work is under way. Failures are not remembered, since a failed call changed
   * nothing. Rejects with Fault when the id was used for another request.
   */
  async do<Answer extends object>(
    method: string,
    caller: Caller,
    request: { readonly request_id: string },
    work: () => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const id = requestIdIn(request.request_id);
    if (id === '') return work();
    const key = JSON.stringify([method, caller.identity.fingerprint, id]);
    const question = JSON.stringify(request);
    const memory = this.#memories.get(key);
    if (memory !== undefined && memory.until > this.#clock.steady()) return remembered<Answer>(memory, question);
    const answer = Promise.resolve(work());
    this.#memories.delete(key);
    if (this.#memories.size >= REMEMBER_MOST) this.#forgetOldest();
    const fresh = { question, answer, until: this.#clock.steady() + REMEMBER_TIME };
    this.#memories.set(key, fresh);
    answer.catch(() => {
      if (this.#memories.get(key) === fresh) this.#memories.delete(key);
    });
    return answer;
  }

  #forgetOldest(): void {
    const oldest = this.#memories.keys().next();
    if (oldest.done !== true) this.#memories.delete(oldest.value);
  }
}

function remembered<Answer extends object>(memory: Memory, question: string): Promise<Answer> {
  if (memory.question === question) return memory.answer as Promise<Answer>;
  throw new Fault(
    Code.INVALID_ARGUMENT,
    'REQUEST_ID_REUSED',
    'request_id: was used for another request; take a new one',
  );
}
