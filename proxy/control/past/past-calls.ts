import type { Memory } from '../../history/memory.js';
import type { Clock } from '../../ports/clock.js';
import type { ControlCalls } from '../rpc/handlers.js';
import type { Slots } from '../rpc/slots.js';
import { findingsOf } from './findings.js';
import { callsHere, historyHere, reconnectsHere, refusalsHere } from './past-lists.js';
import { historyOff } from './past-query.js';
import { watchHere } from './past-watch.js';

/** The calls about what happened. */
export type PastCalls = Pick<
  ControlCalls,
  'GetHistory' | 'WatchHistory' | 'ListRefusals' | 'ListCalls' | 'CountReconnects'
>;

export interface PastParts {
  /** Absent where nothing is remembered. */
  readonly memory?: Memory | undefined;
  readonly replica: string;
  /** Template of links to traces. */
  readonly traceLink?: string | undefined;
  readonly clock: Clock;
}

/** Answers from the memory of this replica. `slots` are for watchers. All throw Fault. */
export function pastCalls({ memory, replica, traceLink, clock }: PastParts, slots: Slots): PastCalls {
  const place = { replica, traceLink };
  const kept = (): Memory => {
    if (memory === undefined) throw historyOff();
    return memory;
  };
  return {
    GetHistory: (request) => {
      const history = historyHere(kept(), place, request);
      return { ...history, findings: findingsOf(history, clock.now()) };
    },
    ListRefusals: (request) => refusalsHere(kept(), replica, request, clock.now()),
    ListCalls: (request) => callsHere(kept(), place, request, clock.now()),
    CountReconnects: (request) => ({ last_hour: reconnectsHere(kept(), request, clock.now()) }),
    WatchHistory: (request, outlet, caller) => {
      slots.hold(caller, outlet, 'WATCHERS_FULL', 'too many watch the history');
      watchHere(kept(), place, request, outlet);
    },
  };
}
