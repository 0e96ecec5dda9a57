/** Numbers, and texts of others, as people read them. */

/** A duration in milliseconds, three digits at most. */
export function duration(ms: number): string {
  if (ms >= 59_950) return age(ms);
  if (ms >= 999.5) return `${digits(ms / 1000)} s`;
  if (ms < 0.005) return '0 ms';
  return `${digits(ms)} ms`;
}

/** A time in the past as its distance, in one or two units. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size in bytes. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : digits(value)} ${UNITS[unit]}`;
}

/** A number of things each second. */
export function rate(perSecond: number): string {
  return `${digits(perSecond)}/s`;
}

/** A number of things, with thin spaces between thousands. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** `1 session`, `2 sessions`. */
export function counted(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`;
}

/** The time of day, `14:03:22`. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** The same with its day where that is not today. */
export function dayAndTime(at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'));
  return date.toDateString() === new Date().toDateString() ? timeOfDay(at) : `${day.join('-')} ${timeOfDay(at)}`;
}

/** The same with milliseconds. */
export function exactTimeOfDay(at: number): string {
  return `${timeOfDay(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}

/** A text in which characters that cannot be seen, and those that turn the direction of others, are written as their numbers. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (one) => `⟨U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}

/** A sentence begins with a capital. */
export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Three digits that mean something; no trailing zeros. */
function digits(value: number): string {
  if (value >= 99.95) return count(Math.round(value));
  if (value >= 9.995) return String(Number(value.toFixed(1)));
  return String(Number(value.toFixed(2)));
}
