import type { Duration } from '../generated/google/protobuf/Duration.js';
import type { Timestamp } from '../generated/google/protobuf/Timestamp.js';

type Time = Timestamp | Duration | null | undefined;

/** Milliseconds of a time or duration of the contract; undefined when it is absent. */
export function timeOf(time: Time): number | undefined {
  if (time === null || time === undefined) return undefined;
  return Number(time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1e6;
}

/** The same; 0 when it is absent. */
export function msOf(time: Time): number {
  return timeOf(time) ?? 0;
}

/** A moment for people, UTC: the day where it is not told by the rest is left to the tables. */
export function clock(time: Time): string {
  return new Date(msOf(time)).toISOString().slice(11, 19);
}

/** `10:02:11 (3 min)`. */
export function ago(since: number, now: number): string {
  return `${new Date(since).toISOString().slice(11, 19)} (${plural(Math.max(now - since, 0))})`;
}

/** Milliseconds for people: `0.4 ms`, `3.1 s`, `12 min`, `5 h`, `3 days`. */
export function plural(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 2 * 86_400_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** Ends a text with a full stop. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
