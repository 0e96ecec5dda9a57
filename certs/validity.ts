/** Milliseconds in a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;
/** How far back a validity begins, in milliseconds: room for a clock that is behind. */
export const BACKDATE_MS = 5 * 60 * 1000;

/** Whole days from now until `end`; negative when it is past. */
export function daysUntil(end: Date, now = Date.now()): number {
  return Math.floor((end.getTime() - now) / DAY_MS);
}

/** A time as ISO 8601 in whole seconds. */
export function isoSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
