import type { handleServerStreamingCall, handleUnaryCall, Metadata } from '@grpc/grpc-js';
import type { ControlServiceDefinition } from '../generated/micronets/wsproxy/control/v1/ControlService.js';
import type { Caller, Gate } from './caller.js';
import { Fault, statusOf } from './fault.js';
import type { Callers } from './interceptor.js';
import { Outlet, type OutletTerms } from './outlet.js';
import type { CONTROL_RIGHTS } from './rights.js';

/** A method of the control service. */
export type ControlMethod = keyof typeof CONTROL_RIGHTS;
/** A method that answers again and again. */
export type StreamMethod = 'WatchSessions' | 'TapSession' | 'WatchDrain' | 'WatchHistory';
/** A method that answers once. */
export type UnaryMethod = Exclude<ControlMethod, StreamMethod>;

/** What a client asks a method with, and what it gets. */
export type RequestOf<M extends ControlMethod> = Parameters<ControlServiceDefinition[M]['requestSerialize']>[0];
export type AnswerOf<M extends ControlMethod> = ReturnType<ControlServiceDefinition[M]['responseDeserialize']>;
/** What a method is asked with, and what it gives. */
export type AskedOf<M extends ControlMethod> = ReturnType<ControlServiceDefinition[M]['requestDeserialize']>;
export type GivenOf<M extends ControlMethod> = Parameters<ControlServiceDefinition[M]['responseSerialize']>[0];

/** The work of a unary call; returns the answer or throws Fault. `headers` are those of the call. */
export type Unary<Request, Response> = (
  request: Request,
  caller: Caller,
  headers: Metadata,
) => Response | Promise<Response>;

/** The work of a server stream, which sets itself up on the outlet. Throws Fault. `headers` are those of the call. */
export type Stream<Request, Response> = (
  request: Request,
  outlet: Outlet<Response>,
  caller: Caller,
  headers: Metadata,
) => void;

/** The work of every method of the control service. */
export type ControlCalls = {
  readonly [M in UnaryMethod]: Unary<AskedOf<M>, GivenOf<M>>;
} & {
  readonly [M in StreamMethod]: Stream<AskedOf<M>, GivenOf<M>>;
};

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
      const run = async (): Promise<Response> => work(call.request, this.#callers.of(call.metadata), call.metadata);
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
        work(call.request, outlet, caller, call.metadata);
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
