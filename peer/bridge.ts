import type { IncomingMessage, ServerResponse } from 'node:http';
import { absence, BridgeCall, type CallBounds, ofError } from './bridge-call.js';
import { guard } from './bridge-guard.js';
import { type BridgeRefusal, ofFailure } from './bridge-refusal.js';
import { BridgeServer } from './bridge-server.js';
import type { PeerConnection } from './connection.js';
import { LonelyCalls } from './lonely-calls.js';
import { PatientCalls } from './patient-calls.js';
import { RequestFailure } from './request-failure.js';
import { type SplitTarget, splitTarget } from './target.js';

export interface BridgeOptions extends CallBounds {
  /** Name or address to listen on. */
  readonly host: string;
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** HTTP requests worked on at one time, reading their bodies included. */
  readonly maxInFlight: number;
  /** Milliseconds that a request waits for a session that moves, because the proxy restarts; 0: none waits. */
  readonly hold: number;
  /** HTTP requests that wait for that, beside those in flight. Their bodies are not read yet. */
  readonly maxHeld: number;
  /** See {@link CallerRules}. */
  readonly allowHosts?: readonly string[];
  readonly allowOrigins?: readonly string[];
  /** Takes news for people: calls that were refused because nobody is there. */
  readonly tell?: (line: string) => void;
}

/** HTTP in, `REST:REQUEST` out, `REST:RESPONSE` in, HTTP out. Many at once; responses go out as they come. */
export class Bridge {
  readonly #peer: PeerConnection;
  readonly #options: BridgeOptions;
  readonly #server: BridgeServer;
  readonly #calls: PatientCalls;
  readonly #lonely: LonelyCalls;
  #inFlight = 0;

  constructor(peer: PeerConnection, options: BridgeOptions) {
    this.#peer = peer;
    this.#options = options;
    this.#calls = new PatientCalls(peer, { hold: options.hold, atOnce: options.maxInFlight });
    this.#lonely = new LonelyCalls(options.tell ?? (() => {}));
    this.#server = new BridgeServer(options, (request, response) => void this.#serve(request, response));
  }

  /** HTTP requests that wait for a session that moves. */
  get waiting(): number {
    return this.#calls.waiting;
  }

  /** Starts to listen; resolves with the URL. Rejects with the system's error. */
  listen(): Promise<string> {
    return this.#server.listen(this.#options);
  }

  /** Takes no new requests, lets those in flight finish for a bounded time, then drops the rest. */
  async close(): Promise<void> {
    await this.#server.close();
    this.#lonely.stop();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = new BridgeCall(request, response, this.#options);
    call.ids.session = this.#peer.session;
    const target = splitTarget(request.url ?? '');
    if ('fault' in target) {
      return this.#refuse(call, { status: 400, reason: 'target_invalid', message: target.fault });
    }
    const refused = this.#guard(call, target);
    if (refused !== undefined) return this.#refuse(call, refused);
    this.#inFlight += 1;
    try {
      const result = await this.#calls.make(() => call.attempt(this.#peer, target), call.gone);
      if ('status' in result) return this.#refuse(call, result);
      call.answer(result);
    } catch (error) {
      this.#refuse(call, ofError(error));
    } finally {
      this.#inFlight -= 1;
    }
  }

  #refuse(call: BridgeCall, refusal: BridgeRefusal): void {
    this.#lonely.refused(refusal.reason, refusal.message, call.ids.traceId);
    call.refuse(refusal);
  }

  #guard(call: BridgeCall, { authority }: SplitTarget): BridgeRefusal | undefined {
    const { host, maxInFlight, maxHeld, allowHosts = [], allowOrigins = [] } = this.#options;
    const { headers } = call.request;
    const strange = guard({ headers, authority }, { listen: host, hosts: allowHosts, origins: allowOrigins });
    if (strange !== undefined) return strange;
    const { holds } = this.#calls;
    if (holds && this.#inFlight >= maxInFlight + maxHeld) {
      return ofFailure(new RequestFailure('too_many', `${maxHeld} requests wait already, the most that may`));
    }
    if (!holds && this.#inFlight >= maxInFlight) {
      return ofFailure(
        new RequestFailure('too_many', `${maxInFlight} requests are in flight already, the most that may be`),
      );
    }
    return absence(this.#peer, holds) ?? call.oversize;
  }
}
