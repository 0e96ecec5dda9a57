import type { Duration, Duration__Output } from '../proxy/control/generated/google/protobuf/Duration.js';
import { duration } from '../proxy/values/argument.js';

const read = duration();

/** Reads the text of a flag that takes a time as google.protobuf.Duration. Throws InvalidArgumentError. */
export function durationValue(text: string): Duration {
  const ms = read(text);
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 };
}

/** Turns a google.protobuf.Duration into milliseconds. */
export function durationMs(value: Duration__Output): number {
  return Number(value.seconds) * 1000 + value.nanos / 1e6;
}

/** Milliseconds for people: the two largest units, as `3d4h`, `12m5s`, `350ms`. */
export function shortTime(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m`;
  return `${Math.floor(seconds / 86_400)}d${Math.floor((seconds % 86_400) / 3600)}h`;
}
