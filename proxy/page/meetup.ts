import type { MeetupHistory, Visit as ShownVisit } from '../../page/answer-past.js';
import type { MeetupRecord } from '../history/meetup-record.js';
import type { Memory } from '../history/memory.js';
import type { KeptCall, Visit } from '../history/records.js';
import { endings } from '../wire/close.js';
import { callRow } from './calls.js';
import { refusalView } from './troubles.js';

/** Most records of each kind in the history of a meetup. */
export const SHOWN_OF_MEETUP = 30;

/** What is remembered of one meetup, newest first; null where there is nothing. */
export function meetupHistory(
  memory: Memory | undefined,
  meetupId: string,
  findings: (meetupId: string) => readonly string[],
): MeetupHistory | null {
  const record = memory?.of(meetupId);
  if (memory === undefined || record === undefined) return null;
  const { present, past, calls, failures, totals, met, since } = record;
  const { answered, failed } = totals;
  const mean = (total: number): number | null => (answered === 0 ? null : total / answered);
  return {
    meetupId,
    since,
    findings: findings(meetupId),
    present: [...present.values()].map(visitView),
    past: newest(past.items).map(visitView),
    visits: past.seen,
    met,
    endings: Object.entries(record.endings)
      .map(([label, count]) => ({ label, count }))
      .sort((a, b) => b.count - a.count),
    refusals: newest(memory.refusalsOf(record)).map(refusalView),
    calls: newestCalls(record).map(callRow),
    failedCalls: newest(failures.items).map(callRow),
    keptCalls: calls.size + failures.size,
    totals: {
      calls: totals.calls,
      answered,
      notAnswered: failed.not_answered,
      answered5xx: failed.answered_5xx,
      answered4xx: failed.answered_4xx,
      meanProxyMs: mean(totals.proxyTotal),
      meanPeerMs: mean(totals.peerTotal),
      mostProxyMs: answered === 0 ? null : totals.proxyMost,
      mostPeerMs: answered === 0 ? null : totals.peerMost,
    },
  };
}

/** Meetups of which something is remembered, where nobody is now, whose id has the text; the most recently used first. */
export function goneMeetups(memory: Memory | undefined, text: string, most: number): string[] {
  if (memory === undefined || text === '') return [];
  const found: string[] = [];
  for (const { meetupId, present } of memory.records()) {
    // Places of refusals without a meetup begin with a slash.
    if (present.size === 0 && !meetupId.startsWith('/') && meetupId.toLowerCase().includes(text)) found.push(meetupId);
  }
  return found.slice(-most).reverse();
}

/** Each list is in the order of its numbers, so that none but the last of each can be among the newest of both. */
function newestCalls({ calls, failures }: MeetupRecord): readonly KeptCall[] {
  return [...newest(calls.items), ...newest(failures.items)]
    .sort((a, b) => b.sequence - a.sequence)
    .slice(0, SHOWN_OF_MEETUP);
}

function newest<Item>(items: readonly Item[]): readonly Item[] {
  return items.slice(-SHOWN_OF_MEETUP).reverse();
}

function visitView(visit: Visit): ShownVisit {
  const { role, identity, peerId, remote, came, met, went, label, text } = visit;
  return {
    ...{ role, subject: identity.subject, peerId, remote, came, met: met ?? null, went: went ?? null },
    ...{ label: label ?? null, meaning: label === undefined ? '' : endings[label].meaning, text },
  };
}
