import type { Memory } from '../../history/memory.js';
import { reconnectsIn } from '../../history/reconnects.js';
import type { Refusal } from '../../history/records.js';
import { faultOf } from '../../wire/path.js';
import { MAX_PAGE_SIZE } from '../calls/list-page.js';
import type { CountReconnectsRequest__Output } from '../generated/micronets/wsproxy/control/v1/CountReconnectsRequest.js';
import type { GetHistoryRequest__Output } from '../generated/micronets/wsproxy/control/v1/GetHistoryRequest.js';
import type { GetHistoryResponse } from '../generated/micronets/wsproxy/control/v1/GetHistoryResponse.js';
import type { ListCallsRequest__Output } from '../generated/micronets/wsproxy/control/v1/ListCallsRequest.js';
import type { ListCallsResponse } from '../generated/micronets/wsproxy/control/v1/ListCallsResponse.js';
import type { ListRefusalsRequest__Output } from '../generated/micronets/wsproxy/control/v1/ListRefusalsRequest.js';
import type { ListRefusalsResponse } from '../generated/micronets/wsproxy/control/v1/ListRefusalsResponse.js';
import { badField } from '../rpc/fault.js';
import { fingerprintIn } from '../rpc/field-values.js';
import { timestamp } from '../rpc/times.js';
import { historyOf, whenToldByEdge } from './history-of.js';
import { callTest, limitIn, refusalTest, sinceIn, USUAL } from './past-query.js';
import { type CallPlace, callResource, refusalResource } from './past-resources.js';

/** GetHistory, without its findings: what this replica remembers. Throws Fault. */
export function historyHere(memory: Memory, place: CallPlace, request: GetHistoryRequest__Output): GetHistoryResponse {
  const fault = faultOf(request.meetup_id);
  if (fault !== undefined) throw badField('meetup_id', fault);
  const limit = limitIn(request.limit, USUAL.history);
  return historyOf(memory, place, request.meetup_id, limit);
}

/** ListRefusals of this replica. Throws Fault. */
export function refusalsHere(
  memory: Memory,
  replica: string,
  request: ListRefusalsRequest__Output,
  now: number,
): ListRefusalsResponse {
  const limit = limitIn(request.limit, USUAL.list);
  const since = sinceIn(request.since, now);
  const fingerprint = fingerprintIn(request.fingerprint);
  const fits = refusalTest(request);
  const found: Refusal[] = [];
  const kept = { seen: 0, kept: 0 };
  for (const { refusals } of memory.records()) {
    kept.seen += refusals.seen;
    kept.kept += refusals.size;
    for (const one of refusals.items) {
      if (one.last < since || !fits(one)) continue;
      if (fingerprint === undefined || one.fingerprint === fingerprint) found.push(one);
    }
  }
  found.sort((a, b) => b.last - a.last || b.sequence - a.sequence);
  return {
    refusals: found.slice(0, limit).map((one) => refusalResource(one, replica)),
    total_size: found.length,
    kept,
    edge_report_time: whenToldByEdge(memory),
    since_time: timestamp(memory.since),
  };
}

/** ListCalls of this replica. Throws Fault. */
export function callsHere(
  memory: Memory,
  place: CallPlace,
  request: ListCallsRequest__Output,
  now: number,
): ListCallsResponse {
  const limit = limitIn(request.limit, USUAL.list);
  const since = sinceIn(request.since, now);
  const fits = callTest(request);
  const kept = { seen: 0, kept: 0 };
  const found = [];
  for (const { meetupId, totals, calls, failures } of memory.records()) {
    if (!meetupId.startsWith(request.meetup_id)) continue;
    kept.seen += totals.calls;
    kept.kept += calls.size + failures.size;
    const lists = request.failed ? [failures] : [calls, failures];
    for (const list of lists) for (const one of list.items) if (one.start >= since && fits(one)) found.push(one);
  }
  found.sort((a, b) => b.start - a.start || b.sequence - a.sequence);
  return {
    calls: found.slice(0, limit).map((one) => callResource(one, place)),
    total_size: found.length,
    kept,
    since_time: timestamp(memory.since),
  };
}

/** CountReconnects of this replica: one number for each meetup. Throws Fault. */
export function reconnectsHere(
  memory: Memory,
  { meetup_ids: meetups }: CountReconnectsRequest__Output,
  now: number,
): number[] {
  if (meetups.length === 0 || meetups.length > MOST_MEETUPS) {
    throw badField('meetup_ids', `must be from 1 to ${MOST_MEETUPS}`);
  }
  return meetups.map((meetup) => {
    const record = memory.of(meetup);
    return record === undefined ? 0 : reconnectsIn(record, now);
  });
}

/** Most meetups in one question: as many as a page of sessions has. */
const MOST_MEETUPS = MAX_PAGE_SIZE;
