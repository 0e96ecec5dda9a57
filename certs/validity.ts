/** Milliseconds in a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;
/** The time by which a validity begins in the past, in milliseconds: room for a clock that is behind. */
export const BACKDATE_MS = 5 * 60 * 1000;

/** Days that a certificate is good when nobody says otherwise. */
export const LEAF_DAYS = 365;
/** The same for a root or an intermediate. */
export const AUTHORITY_DAYS = 3650;
/** Most days that a certificate can be good. */
export const MAX_CERTIFICATE_DAYS = 3650;
/** A development certificate with less time left than this, in days, is made again. */
export const LEAF_DUE_DAYS = 7;
/** Below this many days left a certificate is worth a warning. */
export const EXPIRY_WARNING_DAYS = 30;

/** Days until a list's next update is due when nobody says otherwise. Each revocation signs the list anew. */
export const LIST_DAYS = 90;
/** Most days that can be asked for. */
export const MAX_LIST_DAYS = 365;
/** Below this many days to its next update a list is due for signing: past it Envoy refuses every certificate. */
export const LIST_DUE_DAYS = 30;

/** Whole days from now until `end`; negative when it is past. */
export function daysUntil(end: Date, now = Date.now()): number {
  return Math.floor((end.getTime() - now) / DAY_MS);
}

/** A number of days in words: `1 day`, `2 days`. */
export function inDays(days: number): string {
  return `${days} ${days === 1 ? 'day' : 'days'}`;
}

/** A time as ISO 8601 in whole seconds. */
export function isoSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
