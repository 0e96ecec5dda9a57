import type { DrainPlan } from '../../session/drain.js';
import { readAnswer } from './answer-head.js';
import { drainRequestText } from './drain-request.js';
import type { Hop, HopsParts } from './hop-parts.js';
import { dialOwner } from './owner-line.js';

/** Time between two requests to the replicas that still serve connections of ours, milliseconds. */
const ASK_INTERVAL = 1_000;

/** Ends the connections that are handed on while this replica drains. Only the replica that serves a peer can tell it when to come back. */
export class OwnersDrain {
  readonly #parts: Pick<HopsParts, 'clock' | 'times' | 'tls'>;
  readonly #hops: ReadonlySet<Hop>;
  /** Replicas that are being asked. */
  readonly #asked = new Set<string>();
  #cancel: (() => void) | undefined;

  constructor(parts: Pick<HopsParts, 'clock' | 'times' | 'tls'>, hops: ReadonlySet<Hop>) {
    this.#parts = parts;
    this.#hops = hops;
  }

  /** Asks again and again, since a connection may be handed on yet; cuts who is left when the plan's deadline and a close are over. */
  start(plan: DrainPlan): void {
    const { clock, times } = this.#parts;
    const deadline = clock.steady() + plan.deadline;
    const end = deadline + ASK_INTERVAL + times.linger;
    const step = (): void => {
      const now = clock.steady();
      if (now >= end) {
        for (const { copy } of this.#hops) copy.cut();
      } else this.#askAll({ ...plan, deadline: Math.max(0, deadline - now) });
    };
    this.#cancel ??= clock.every(ASK_INTERVAL, step);
    step();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Asks each replica once for each name under which it knows our connections. */
  #askAll(plan: DrainPlan): void {
    const places = new Map<string, Hop>();
    for (const hop of this.#hops) places.set(`${hop.owner.address} ${hop.via}`, hop);
    for (const [place, hop] of places) {
      if (this.#asked.has(place)) continue;
      this.#asked.add(place);
      void this.#ask(hop, plan).then(() => this.#asked.delete(place));
    }
  }

  /** Ignores the answer: the connections that end show what became of it. */
  async #ask({ owner, via }: Hop, plan: DrainPlan): Promise<void> {
    const { clock, times, tls } = this.#parts;
    const dialled = await dialOwner(owner.address, tls(), times.dial, clock);
    if (dialled.t !== 'open') return;
    dialled.line.write(drainRequestText({ via, plan }), 'latin1');
    await readAnswer(dialled.line, times.answer, clock);
    dialled.line.destroy();
  }
}
