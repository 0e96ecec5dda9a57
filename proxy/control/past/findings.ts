import type { GetHistoryResponse as History } from '../generated/micronets/wsproxy/control/v1/GetHistoryResponse.js';
import type { Visit } from '../generated/micronets/wsproxy/control/v1/Visit.js';
import { callFindings } from './call-findings.js';
import { ago, clock, msOf, plural, sentence, timeOf } from './words.js';

/** How far back something counts as news, milliseconds. */
const NEWS = 3_600_000;
/** A visit is short below this, and somebody flaps who came this often within NEWS, milliseconds. */
const SHORT = 60_000;
const OFTEN = 3;
/** Most refusals that are told of. */
const MAX_TOLD = 3;

/** Says in words what is wrong at a meetup, as far as its history tells; most important first. `now`: milliseconds since the epoch. */
export function findingsOf(history: History, now: number): string[] {
  const { present = [], past = [], refusals = [] } = history;
  if (present.length + past.length + refusals.length === 0) {
    return ['Nothing is remembered of this meetup: nobody came or was refused there since the service started.'];
  }
  const wrong = [...refusalFindings(history, now), ...whoIsMissing(history, now), ...flapping(history, now)];
  const calls = callFindings(history, now);
  if (wrong.length + calls.length > 0) return [...wrong, ...calls];
  return [`Nothing is wrong that this memory knows of: ${present.length} here, ${callCount(history)}.`];
}

function refusalFindings({ refusals = [], present = [] }: History, now: number): string[] {
  // Who has come in since is no longer kept out.
  const isOver = (subject = '', last = 0): boolean =>
    present.some((visit) => visit.subject === subject && msOf(visit.come_time) > last);
  return refusals
    .filter(({ last_time: last, subject }) => now - msOf(last) <= NEWS && !isOver(subject, msOf(last)))
    .slice(0, MAX_TOLD)
    .map((one) => {
      const unverified = one.verified === true ? '' : ', which nobody verified,';
      const who = `${one.subject || 'a client without a certificate'}${one.subject ? unverified : ''}`;
      const often = Number(one.times) > 1 ? `${one.times} times since ${clock(one.first_time)}, last ` : '';
      const why = `${one.reason}: ${one.detail || one.meaning}`;
      const meaning = one.detail ? ` ${one.meaning}` : '';
      return `${who} was refused ${often}at ${clock(one.last_time)}: ${sentence(why)}${meaning}`;
    });
}

/** One waits alone, or nobody is there. */
function whoIsMissing({ present = [], past = [] }: History, now: number): string[] {
  if (present.length >= 2) return [];
  const [alone] = present;
  const role = alone?.role;
  const left = past.filter((visit) => alone === undefined || isOther(visit, alone));
  // Where both are gone, the one whose end was not the other's doing says why.
  const gone = left.find(({ ending }) => alone !== undefined || ending?.label !== 'peer_disconnected') ?? left[0];
  const other = gone?.role ?? OTHER[role ?? ''] ?? 'peer';
  const since = alone === undefined ? undefined : Math.max(msOf(alone.come_time), msOf(gone?.go_time));
  const told =
    since === undefined
      ? 'Nobody is here.'
      : `The ${role} waits alone since ${ago(since, now)}: no ${other === role ? 'second peer' : other} is here.`;
  if (gone === undefined)
    return [`${told} None has come since ${alone === undefined ? 'the start' : clock(alone.come_time)}.`];
  return [`${told} The last ${other} went at ${clock(gone.go_time)}, ${endingOf(gone)}`];
}

const OTHER: Readonly<Record<string, string>> = { manager: 'gateway', gateway: 'manager' };

/** Roles that are told apart sit beside each other; of two that are not, the other one has another certificate. */
function isOther(visit: Visit, than: Visit): boolean {
  return visit.role === than.role ? than.role === 'any' && visit.fingerprint !== than.fingerprint : true;
}

function flapping({ present = [], past = [] }: History, now: number): string[] {
  const byWho = new Map<string, Visit[]>();
  for (const visit of [...present, ...past]) {
    if (now - msOf(visit.come_time) > NEWS) continue;
    const who = `the ${visit.role} ${visit.subject}`;
    byWho.set(who, [...(byWho.get(who) ?? []), visit]);
  }
  return [...byWho].flatMap(([who, visits]) => {
    const ended = visits.filter(({ go_time: went }) => timeOf(went) !== undefined);
    const own = ended.filter(({ ending }) => ending?.label !== 'peer_disconnected');
    const stays = ended.map((visit) => msOf(visit.go_time) - msOf(visit.come_time)).sort((a, b) => a - b);
    const usual = stays[Math.floor(stays.length / 2)] ?? Number.POSITIVE_INFINITY;
    if (visits.length < OFTEN || own.length < OFTEN - 1 || usual > SHORT) return [];
    const [first] = mostFrequent(own.map(({ ending }) => ending?.label ?? ''));
    const example = own.find(({ ending }) => ending?.label === first?.[0]);
    const why = example === undefined ? '' : `, ${first?.[1]} times ${endingOf(example)}`;
    return [`Flapping: ${who} came ${visits.length} times within the hour and stayed ${plural(usual)}${why}`];
  });
}

function mostFrequent(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function endingOf({ ending, meaning = '' }: Visit): string {
  const text = ending?.text ?? '';
  return `${ending?.label}: ${text === '' ? '' : `${sentence(text)} `}${meaning}`;
}

function callCount({ summary }: History): string {
  const calls = Number(summary?.calls ?? 0);
  return calls === 1 ? '1 call' : `${calls} calls`;
}
