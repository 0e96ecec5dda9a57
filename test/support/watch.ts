import type { AfterWrites, Clock } from '../../proxy/ports/clock.js';
import { InvocationCounts } from '../../proxy/telemetry/calls/invocation-counts.js';
import { type InvocationBounds, Invocations } from '../../proxy/telemetry/calls/invocations.js';
import { Journal, type JournalOptions } from '../../proxy/telemetry/calls/journal.js';
import { Routes } from '../../proxy/telemetry/calls/routes.js';

/** Invocations as the service makes them, with the parts that a test replaces. */
export interface Watch {
  readonly invocations: Invocations;
  readonly counts: InvocationCounts;
  readonly journal: Journal;
  /** Faults of the watcher that were contained. */
  readonly faults: readonly unknown[];
  /** Ends the turn of the event loop. */
  turn(): void;
}

export function watch(
  clock: Clock,
  given: Partial<InvocationBounds & JournalOptions> & { readonly templates?: readonly string[] } = {},
): Watch {
  const templates = given.templates ?? [];
  const counts = new InvocationCounts(templates);
  let waiting: AfterWrites[] = [];
  const faults: unknown[] = [];
  const bounds = { timeout: 30_000, maxPerSession: 100, max: 1_000, inject: false, ...given };
  const options = {
    spans: undefined,
    readers: [],
    tallies: [],
    clientSpans: false,
    events: false,
    trustParent: true,
    ...given,
  };
  const journal = new Journal(clock, { ...options, fault: (error) => faults.push(error) });
  const invocations = new Invocations({
    clock,
    bounds,
    counts,
    journal,
    routes: new Routes(templates),
    fault: (error) => faults.push(error),
    afterWrites: (one) => waiting.push(one),
  });
  return {
    invocations,
    counts,
    journal,
    faults,
    turn: () => {
      const due = waiting;
      waiting = [];
      for (const one of due) one.written();
    },
  };
}
