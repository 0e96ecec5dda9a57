import type { MeetupRecord } from '../../history/meetup-record.js';
import type { Memory } from '../../history/memory.js';
import { endings as table } from '../../wire/close.js';
import type { EndingCount } from '../generated/micronets/wsproxy/control/v1/EndingCount.js';
import type { GetHistoryResponse } from '../generated/micronets/wsproxy/control/v1/GetHistoryResponse.js';
import { timestamp } from '../rpc/times.js';
import { type CallPlace, callResource, refusalResource, summaryResource, visitResource } from './past-resources.js';

/** What this replica remembers of one meetup, without the findings; of each kind the newest `limit`. */
export function historyOf(memory: Memory, place: CallPlace, meetupId: string, limit: number): GetHistoryResponse {
  const { replica } = place;
  const record = memory.of(meetupId);
  const told = { meetup_id: meetupId, edge_report_time: whenToldByEdge(memory) };
  if (record === undefined) return told;
  const newest = <Item>(items: readonly Item[]): readonly Item[] => items.slice(-limit).reverse();
  const calls = record.calls.size + record.failures.size;
  return {
    ...told,
    present: [...record.present.values()].map((visit) => visitResource(visit, replica)),
    past: newest(record.past.items).map((visit) => visitResource(visit, replica)),
    refusals: newest(memory.refusalsOf(record)).map((refusal) => refusalResource(refusal, replica)),
    meetings: record.met,
    endings: endingCounts(record),
    summary: summaryResource(record.totals),
    calls: newest(record.calls.items).map((call) => callResource(call, place)),
    failed_calls: newest(record.failures.items).map((call) => callResource(call, place)),
    kept_visits: { seen: record.past.seen, kept: record.past.size + record.present.size },
    kept_refusals: { seen: record.refusals.seen, kept: record.refusals.size },
    kept_calls: { seen: record.totals.calls, kept: calls },
    since_time: timestamp(record.since),
  };
}

function endingCounts({ endings }: MeetupRecord): EndingCount[] {
  const counts = Object.entries(endings) as [keyof MeetupRecord['endings'], number][];
  return counts
    .map(([label, count]) => ({ label, meaning: table[label].meaning, count }))
    .sort((a, b) => b.count - a.count);
}

/** When an edge told of a handshake last; null while none has. */
export function whenToldByEdge({ toldByEdge }: Memory): ReturnType<typeof timestamp> | null {
  return toldByEdge === undefined ? null : timestamp(toldByEdge);
}
