import { PeerConnection } from '../../peer/connection.js';
import { PatientCalls } from '../../peer/patient-calls.js';
import { RequestFailure } from '../../peer/request-failure.js';
import type { Handler } from '../../peer/responder.js';
import type { RestResponse } from '../../peer/rest.js';
import type { Socket } from '../../proxy/ports/socket.js';
import { Drain, type DrainPlan } from '../../proxy/session/drain.js';
import type { Registry } from '../../proxy/session/registry.js';
import { DialError } from '../../proxy/transport/dial/dial-error.js';
import { BOUNDS } from './core.js';
import { coreOf, NO_ROOM } from './core-parts.js';
import { FakeClock } from './fake-clock.js';
import { settled } from './fake-network.js';
import { admission } from './fixtures.js';
import { type Watch, watch } from './watch.js';
import { type WireEnd, wire } from './wire.js';

const OK: RestResponse = { statusCode: 200, headers: [], body: { kind: 'none' } };

/** One life of the proxy. */
interface Replica {
  readonly registry: Registry;
  readonly drain: Drain;
  readonly watched: Watch;
}

/** The fate of a call: how often the API was asked, and the caller's answer. */
export interface Fate {
  carriedOut: number;
  readonly outcomes: string[];
}

/**
 * A bridge's calls, a proxy that restarts, and a gateway with an API, all of them the real ones, on wires and a clock that do nothing by
 * themselves: a test decides what happens next.
 */
export class MovingWorld {
  readonly clock = new FakeClock();
  readonly fates = new Map<string, Fate>();
  readonly calls: PatientCalls;
  readonly #asker: PeerConnection;
  readonly #answerer: PeerConnection;
  readonly #wires = new Set<readonly [WireEnd, WireEnd]>();
  readonly #working: (() => void)[] = [];
  #replica = this.#begin();
  #restarts = 0;

  constructor() {
    this.#asker = this.#peer({ peerId: 'bridge', asks: true, answers: false, resends: true });
    this.#answerer = this.#peer({ peerId: 'gateway', asks: false, answers: true, concurrency: 3 }, (request) =>
      this.#work(request.path),
    );
    this.calls = new PatientCalls(this.#asker, { hold: 600_000, atOnce: 100 }, this.clock);
    this.#asker.start();
    this.#answerer.start();
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** A caller asks. */
  call(): void {
    const path = `/${this.fates.size}`;
    const fate: Fate = { carriedOut: 0, outcomes: [] };
    this.fates.set(path, fate);
    const attempt = (): Promise<RestResponse> => this.#asker.request({ method: 'POST', path, timeout: 3_600_000 });
    void this.calls.make(attempt).then(
      ({ statusCode }) => fate.outcomes.push(String(statusCode)),
      (error) => fate.outcomes.push(error instanceof RequestFailure ? error.reason : String(error)),
    );
  }

  drain(plan: Partial<DrainPlan> = {}): void {
    void this.#replica.drain.start({ deadline: 3_600_000, batch: 10, interval: 200, spread: 1_000, ...plan });
  }

  /** Something of what can happen now happens, chosen by a number that always fits. */
  async step(choice: number): Promise<void> {
    const moves = this.#moves();
    moves[choice % moves.length]?.();
    await settled();
    this.#replica.watched.turn();
    if (this.#replica.drain.state.t !== 'drained') return;
    this.#restarts += 1;
    this.#replica.registry.stop();
    this.#replica = this.#begin();
  }

  /** Lets everything happen until every call has its answer. */
  async finish(): Promise<void> {
    for (let turn = 0; turn < 20_000 && [...this.fates.values()].some(isOpen); turn += 1) {
      await this.step(turn);
    }
  }

  async stop(): Promise<void> {
    for (const [near] of this.#wires) near.gone('connection_lost', 1006);
    await Promise.all([this.#asker.stop(), this.#answerer.stop()]);
    this.#replica.registry.stop();
  }

  #moves(): (() => void)[] {
    const deliveries = [...this.#wires].flat().flatMap((end) => (end.hasMore ? [() => end.pass()] : []));
    const answers = this.#working.map((answer) => () => {
      this.#working.splice(this.#working.indexOf(answer), 1);
      answer();
    });
    return [...deliveries, ...answers, () => this.clock.advance(15), () => this.clock.advance(300)];
  }

  #work(path: string): Promise<RestResponse> {
    const fate = this.fates.get(path);
    if (fate !== undefined) fate.carriedOut += 1;
    return new Promise((resolve) => this.#working.push(() => resolve(OK)));
  }

  #begin(): Replica {
    const watched = watch(this.clock);
    const { invocations } = watched;
    const parts = coreOf({ clock: this.clock, bounds: BOUNDS, readers: [], messages: invocations });
    const { registry } = parts;
    registry.start();
    const drain = new Drain(parts.present, parts.steering, this.clock, invocations);
    return { registry, drain, watched };
  }

  #peer(claims: ConstructorParameters<typeof PeerConnection>[0]['claims'] | object, handler?: Handler): PeerConnection {
    return new PeerConnection({
      url: 'wss://proxy.example/micronets/v1/ws-proxy/a',
      claims: { peerClass: 'test', peerId: 'test', ...claims },
      dial: () => this.#dial(),
      clock: this.clock,
      ...(handler === undefined ? {} : { handler }),
    });
  }

  #dial(): Promise<Socket> {
    const { drain, registry } = this.#replica;
    if (drain.state.t !== 'serving') {
      return Promise.reject(
        new DialError('', { t: 'refused', status: 503, reason: 'draining', retry: 'later', retryAfter: 1 }),
      );
    }
    const ends = wire();
    this.#wires.add(ends);
    registry.admit(ends[1], admission({ meetupId: 'a' }), NO_ROOM);
    return Promise.resolve(ends[0]);
  }
}

function isOpen({ outcomes }: Fate): boolean {
  return outcomes.length === 0;
}
