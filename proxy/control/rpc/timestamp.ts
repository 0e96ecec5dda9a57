import type { Duration, Duration__Output } from '../generated/google/protobuf/Duration.js';
import type { Timestamp } from '../generated/google/protobuf/Timestamp.js';
import { badField } from './fault.js';

/** Turns milliseconds since the Unix epoch into google.protobuf.Timestamp. */
export function timestamp(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}

/** Turns milliseconds, not negative, into google.protobuf.Duration. */
export function duration(ms: number): Duration {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.floor((ms - seconds * 1000) * 1e6) };
}

/** Returns a field's duration in milliseconds, undefined when absent. Throws Fault when it is outside the bounds (milliseconds). */
export function durationWithin(
  field: string,
  value: Duration__Output | null,
  least: number,
  most: number,
): number | undefined {
  if (value === null) return undefined;
  const ms = Number(value.seconds) * 1000 + value.nanos / 1e6;
  if (ms < least || ms > most) throw badField(field, `must be from ${least / 1000} s to ${most / 1000} s`);
  return ms;
}
