import { setMaxListeners } from 'node:events';
import type { Form } from './form.js';
import type { MessageId } from './outgoing.js';
import { errorResponse, type MessageFault, type RestRequest, type RestResponse } from './rest.js';

/**
 * Answers a request of the other peer. `signal` fires when the connection has gone and no answer can be delivered; `form` is how the answer
 * will be written, since a body with a content coding is only for a peer that can be told of it.
 */
export type Handler = (request: RestRequest, signal: AbortSignal, form: Form) => Promise<RestResponse> | RestResponse;

/** A request of the other peer that waits to be handled. */
export interface Order {
  readonly messageId: MessageId;
  readonly requiresResponse: boolean;
  readonly request: RestRequest | MessageFault;
}

/** Runs the handler for the requests of one connection, a bounded number at a time. Every request gets one response. */
export class Responder {
  readonly #handler: Handler;
  readonly #limit: number;
  readonly #respond: (inResponseTo: MessageId, response: RestResponse) => void;
  readonly #fault: (error: unknown) => void;
  readonly #gone = new AbortController();
  #running = 0;

  constructor(
    handler: Handler,
    limit: number,
    respond: (inResponseTo: MessageId, response: RestResponse) => void,
    fault: (error: unknown) => void,
  ) {
    this.#handler = handler;
    this.#limit = limit;
    this.#respond = respond;
    this.#fault = fault;
    // As many listen as requests are worked on; Node would warn of a leak from eleven on.
    setMaxListeners(0, this.#gone.signal);
  }

  async serve({ messageId, requiresResponse, request }: Order, form: Form): Promise<void> {
    const response = await this.#answer(request, form);
    if (!requiresResponse || this.#gone.signal.aborted) return;
    try {
      this.#respond(messageId, response);
    } catch (error) {
      // A handler written in JavaScript may return anything.
      this.#fault(error);
      this.#respond(messageId, failed);
    }
  }

  /** The connection has gone. */
  stop(): void {
    this.#gone.abort();
  }

  async #answer(request: RestRequest | MessageFault, form: Form): Promise<RestResponse> {
    if ('fault' in request)
      return errorResponse(400, 'request_invalid', `the REST:REQUEST is not valid: ${request.fault}`);
    if (this.#running >= this.#limit) return busy(this.#limit);
    this.#running += 1;
    try {
      return await this.#handler(request, this.#gone.signal, form);
    } catch (error) {
      this.#fault(error);
      return failed;
    } finally {
      this.#running -= 1;
    }
  }
}

const failed = errorResponse(500, 'handler_failed', 'the peer failed to handle the request');

/** The handler of a peer that only asks. */
export const servesNothing: Handler = () =>
  errorResponse(501, 'not_served', 'this peer sends requests and does not answer any');

function busy(limit: number): RestResponse {
  const response = errorResponse(503, 'busy', `the peer works on ${limit} requests already`);
  return { ...response, headers: [{ name: 'Retry-After', value: '1' }] };
}
