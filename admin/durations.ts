import { InvalidArgumentError } from 'commander';
import type { Duration, Duration__Output } from '../proxy/control/generated/google/protobuf/Duration.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `500ms`, `30s`, `10m`, `1h30m`, `2d` as milliseconds. Throws InvalidArgumentError. */
export function milliseconds(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text) {
    throw new InvalidArgumentError('give a time such as 30s, 10m, 1h30m or 2d.');
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}

/** Reads the same as google.protobuf.Duration. Throws InvalidArgumentError. */
export function durationValue(text: string): Duration {
  const ms = milliseconds(text);
  return { seconds: Math.floor(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) };
}

/** google.protobuf.Duration → milliseconds. */
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
