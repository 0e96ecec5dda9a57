import type { Call__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Call.js';
import type { Refusal__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Refusal.js';
import type { Retention__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Retention.js';
import type { Visit__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Visit.js';
import { durationMs, shortTime } from './durations.js';
import { timeMs } from './json-form.js';
import type { Column } from './output.js';

type Time = { readonly seconds: string; readonly nanos: number } | null;

/** A moment for people, UTC: the time of the day, or the day where it is not today. */
export function moment(time: Time, now: number): string {
  if (time === null) return '';
  const text = new Date(timeMs(time)).toISOString();
  return now - timeMs(time) < 86_400_000 ? text.slice(11, 19) : text.slice(5, 16).replace('T', ' ');
}

/** A moment for programs. */
export function instant(time: Time): string {
  return time === null ? '' : new Date(timeMs(time)).toISOString();
}

/** Milliseconds of a latency: `0.42ms`, `310ms`, `3.10s`. */
export function latency(time: Time): string {
  if (time === null) return '';
  const ms = durationMs(time);
  if (ms < 1_000) return `${ms < 10 ? ms.toFixed(2) : Math.round(ms)}ms`;
  return `${(ms / 1_000).toFixed(2)}s`;
}

/** Who: the subject of the certificate, else the beginning of its fingerprint. */
export function who({ subject, fingerprint }: { readonly subject: string; readonly fingerprint: string }): string {
  if (subject !== '') return subject;
  return fingerprint === '' ? 'no certificate' : `sha256:${fingerprint.slice(0, 16)}`;
}

export function refusalColumns(now: number): readonly Column<Refusal__Output>[] {
  return [
    { title: 'LAST', plain: (one) => instant(one.last_time), pretty: (one) => moment(one.last_time, now) },
    { title: 'TIMES', plain: ({ times }) => times, right: true },
    { title: 'REASON', plain: ({ reason }) => reason },
    { title: 'WHO', plain: (one) => `${who(one)}${one.verified || one.subject === '' ? '' : ' (unverified)'}` },
    { title: 'MEETUP', plain: ({ meetup_id }) => meetup_id },
    { title: 'DETAIL', plain: ({ detail, meaning }) => detail || meaning },
    { title: 'ADDRESS', plain: ({ remote_address }) => remote_address },
    { title: 'FIRST', plain: (one) => instant(one.first_time), pretty: (one) => moment(one.first_time, now) },
    { title: 'SHA256', plain: ({ fingerprint }) => fingerprint },
    { title: 'REPLICA', plain: ({ replica }) => replica },
  ];
}

/**
 * @param withMeetup false where all are of one
 * @param withLink whether there are links to traces
 */
export function callColumns(now: number, withMeetup: boolean, withLink: boolean): readonly Column<Call__Output>[] {
  const meetup: Column<Call__Output> = { title: 'MEETUP', plain: ({ meetup_id }) => meetup_id };
  const link: Column<Call__Output> = { title: 'LINK', plain: ({ trace_url: url }) => url };
  return [
    { title: 'TIME', plain: (one) => instant(one.start_time), pretty: (one) => moment(one.start_time, now) },
    { title: 'STATUS', plain: ({ status_code: code }) => (code === 0 ? '' : String(code)), right: true },
    { title: 'RESULT', plain: ({ failure, outcome }) => (failure === 'not_answered' ? outcome : failure || outcome) },
    { title: 'PEER', plain: ({ peer_latency }) => latency(peer_latency), right: true },
    { title: 'PROXY', plain: ({ proxy_latency }) => latency(proxy_latency), right: true },
    { title: 'TRACE', plain: ({ trace_id }) => trace_id },
    { title: 'CALL', plain: ({ method, path }) => `${method} ${path}`.trim() },
    ...(withMeetup ? [meetup] : []),
    { title: 'ASKED', plain: ({ responder_role }) => responder_role },
    { title: 'REPLICA', plain: ({ replica }) => replica },
    ...(withLink ? [link] : []),
  ];
}

/** Whether the replicas link to traces. */
export function hasLinks(calls: readonly Call__Output[]): boolean {
  return calls.some(({ trace_url: url }) => url !== '');
}

export function visitColumns(now: number): readonly Column<Visit__Output>[] {
  const stayed = ({ come_time: came, go_time: went }: Visit__Output): number =>
    came === null ? 0 : Math.max((went === null ? now : timeMs(went)) - timeMs(came), 0);
  return [
    { title: 'CAME', plain: (one) => instant(one.come_time), pretty: (one) => moment(one.come_time, now) },
    {
      title: 'STAYED',
      plain: (one) => `${Math.round(stayed(one))}ms`,
      pretty: (one) => shortTime(stayed(one)),
      right: true,
    },
    { title: 'ROLE', plain: ({ role }) => role },
    { title: 'MET', plain: (one) => instant(one.meet_time), pretty: (one) => moment(one.meet_time, now) },
    { title: 'WENT BY', plain: ({ ending }) => ending?.label ?? 'is here' },
    { title: 'WHO', plain: who },
    { title: 'ADDRESS', plain: ({ remote_address }) => remote_address },
    { title: 'REPLICA', plain: ({ replica }) => replica },
  ];
}

/** `of 939 calls 300 are kept`; empty where all are. */
export function keptText(kept: Retention__Output | null, what: string): string {
  if (kept === null || kept.seen === kept.kept) return '';
  return `of ${kept.seen} ${what} ${kept.kept} are kept`;
}

/** Breaks a text between words, so that no line is wider; lines after the first begin with the indent. A word that is too wide is broken. */
export function wrapped(text: string, width: number, indent = ''): string {
  const room = Math.max(width - indent.length, 1);
  const pieces = text.split(' ').flatMap((word) => (word.length <= room ? [word] : chunks(word, room)));
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line !== '' && line.length + 1 + piece.length > width) {
      lines.push(line);
      line = `${indent}${piece}`;
    } else line = line === '' ? piece : `${line} ${piece}`;
  }
  return [...lines, line].join('\n');
}

function chunks(word: string, size: number): string[] {
  return Array.from({ length: Math.ceil(word.length / size) }, (_, n) => word.slice(n * size, (n + 1) * size));
}
