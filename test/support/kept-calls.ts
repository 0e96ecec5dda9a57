import { CallKeeper } from '../../proxy/history/call-keeper.js';
import type { Memory } from '../../proxy/history/memory.js';
import type { AfterWrites, Clock } from '../../proxy/ports/clock.js';
import { InvocationCounts } from '../../proxy/telemetry/calls/invocation-counts.js';
import { Invocations } from '../../proxy/telemetry/calls/invocations.js';
import { Journal } from '../../proxy/telemetry/calls/journal.js';
import { RequestHeads } from '../../proxy/telemetry/calls/request-heads.js';
import { Routes } from '../../proxy/telemetry/calls/routes.js';

/** The observer of messages, as the service joins it, that brings the calls into a memory. */
export function callsInto(memory: Memory, clock: Clock, timeout = 30_000, trustParent = true): Invocations {
  const fault = (error: unknown): never => {
    throw error;
  };
  const journal = new Journal(clock, {
    spans: undefined,
    readers: [],
    tallies: [],
    late: [new CallKeeper(memory, clock)],
    heads: new RequestHeads(64 * 1024),
    clientSpans: false,
    events: false,
    trustParent,
    fault,
  });
  const bounds = { timeout, maxPerSession: 1_000, max: 10_000, inject: false };
  const afterWrites = (one: AfterWrites): void => void setImmediate(() => one.written());
  const counts = new InvocationCounts([]);
  return new Invocations({ clock, bounds, counts, journal, routes: new Routes([]), fault, afterWrites });
}
