import type { Duration } from '../generated/google/protobuf/Duration.js';
import type { Timestamp } from '../generated/google/protobuf/Timestamp.js';

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
