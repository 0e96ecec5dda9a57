import { type Bounds, inLargestUnit, type Quantity, within } from './quantity.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The units that durations are written in. */
const WRITTEN = ['h', 'm', 's', 'ms'].map((unit) => [unit, UNITS[unit] ?? 1] as const);
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
const WHOLE = new RegExp(`^(?:${PART.source})+$`);
const PLAIN = /^\d+(?:\.\d+)?$/;

/** Bounds of a duration, in milliseconds. */
export interface DurationBounds extends Bounds {
  /** Whether a number without a unit counts as seconds, for flags that once took nothing else. */
  readonly plainSeconds?: boolean;
}

/**
 * Reads `500ms`, `30s`, `5m`, `1h30m`, `1.5h`, `7d` as whole milliseconds. Every flag, variable and key of a file for a time takes
 * these forms.
 */
export function readDuration(text: string, bounds: DurationBounds = {}): Quantity {
  const value = millisecondsIn(text, bounds.plainSeconds === true);
  if (value === undefined) {
    const seconds = bounds.plainSeconds ? ', or a number of seconds' : '';
    return { fault: `it is not a duration such as 500ms, 30s, 5m, 1h30m or 7d${seconds}` };
  }
  return within(Math.round(value), bounds, 'a duration', writeDuration);
}

function millisecondsIn(text: string, plainSeconds: boolean): number | undefined {
  if (plainSeconds && PLAIN.test(text)) return Number(text) * 1000;
  if (!WHOLE.test(text)) return undefined;
  return [...text.matchAll(PART)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}

/** Writes whole milliseconds as {@link readDuration} reads them, in one unit: `90m`, `1500ms`, `0s`. */
export function writeDuration(milliseconds: number): string {
  return milliseconds === 0 ? '0s' : inLargestUnit(milliseconds, WRITTEN);
}
