import type { FleetParts } from '../fleet/fleet-parts.js';
import type { PastCalls } from '../past/past-calls.js';
import type { ControlCalls } from '../rpc/handlers.js';
import { fleetExplain } from './fleet-explain.js';
import { summed } from './fleet-reconnects.js';
import { FleetTail } from './fleet-tail.js';
import { ofAll } from './of-all.js';
import { mergedCalls, mergedHistory, mergedRefusals } from './past-merge.js';

/** Answers what happened on all replicas, and explains by it. */
export function fleetPastCalls(parts: FleetParts): PastCalls & Pick<ControlCalls, 'ExplainAccess'> {
  const { clock } = parts;
  return {
    ...fleetExplain(parts),
    GetHistory: async (request, _caller, headers) => {
      const { answers, missed } = await ofAll(parts, 'GetHistory', request, headers);
      return mergedHistory(answers, request, missed, clock.now());
    },
    ListRefusals: async (request, _caller, headers) => {
      const { answers, missed } = await ofAll(parts, 'ListRefusals', request, headers);
      return mergedRefusals(answers, request.limit, missed);
    },
    ListCalls: async (request, _caller, headers) => {
      const { answers, missed } = await ofAll(parts, 'ListCalls', request, headers);
      return mergedCalls(answers, request.limit, missed);
    },
    CountReconnects: async (request, _caller, headers) => {
      const { answers, missed } = await ofAll(parts, 'CountReconnects', request, headers);
      const counts = answers.map(({ last_hour }) => last_hour);
      return { last_hour: summed(counts, request.meetup_ids.length), unreachable_replicas: missed };
    },
    WatchHistory: (request, outlet, _caller, headers) => {
      const { recentRoster: roster } = parts;
      new FleetTail({ clock, outlet, roster, open: (one) => one.open('WatchHistory', request, headers) });
    },
  };
}
