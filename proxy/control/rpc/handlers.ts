import type { handleServerStreamingCall, handleUnaryCall } from '@grpc/grpc-js';
import type { Caller, Gate } from './caller.js';
import { Fault, statusOf } from './fault.js';
import type { Callers } from './interceptor.js';
import { Outlet, type OutletTerms } from './outlet.js';

/** The work of a unary call; returns the answer or throws Fault. */
export type Unary<Request, Response> = (request: Request, caller: Caller) => Response | Promise<Response>;

/** The work of a server stream, which sets itself up on the outlet. Throws Fault. */
export type Stream<Request, Response> = (request: Request, outlet: Outlet<Response>, caller: Caller) => void;

/** Makes the handlers of a gRPC server from work that knows nothing of gRPC calls. */
export class Handlers {
  readonly #gate: Gate;
  readonly #callers: Callers;
  readonly #terms: OutletTerms;
  /** The open streams; bounded by the limits of each kind of stream. */
  readonly #outlets = new Set<{ fail(error: unknown): void }>();

  constructor(gate: Gate, callers: Callers, terms: OutletTerms) {
    this.#gate = gate;
    this.#callers = callers;
    this.#terms = terms;
  }

  unary<Request, Response>(work: Unary<Request, Response>): handleUnaryCall<Request, Response> {
    return (call, callback) => {
      const run = async (): Promise<Response> => work(call.request, this.#callers.of(call.metadata));
      run().then(
        (response) => callback(null, response),
        (error: unknown) => callback(statusOf(this.#noted(error))),
      );
    };
  }

  stream<Request, Response>(work: Stream<Request, Response>): handleServerStreamingCall<Request, Response> {
    return (call) => {
      const caller = this.#callers.of(call.metadata);
      const recheck = (): void => void this.#gate.admit(call.getPath(), caller.identity);
      const outlet = new Outlet<Response>(call, this.#terms, recheck);
      this.#outlets.add(outlet);
      outlet.onceStopped(() => this.#outlets.delete(outlet));
      try {
        work(call.request, outlet, caller);
      } catch (error) {
        outlet.fail(error);
      }
    };
  }

  /** Ends every open stream with that failure. */
  endStreams(fault: Fault): void {
    for (const outlet of this.#outlets) outlet.fail(fault);
  }

  #noted(error: unknown): unknown {
    if (!(error instanceof Fault)) this.#terms.defect(error);
    return error;
  }
}
