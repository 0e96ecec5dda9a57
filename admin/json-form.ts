/**
 * The contract's messages as JSON: names in lowerCamelCase, times as RFC 3339, durations as `1.500s`, 64-bit integers as text, bytes
 * as base64; the form that grpcurl and the edge's JSON have too. Fields that are absent are left out.
 */
export function jsonForm(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => jsonForm(one, name));
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (typeof value !== 'object' || value === null) return value;
  if (isSpan(value)) return name.endsWith('_time') ? rfc3339(value) : seconds(value);
  const fields = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  return Object.fromEntries(fields.map(([key, one]) => [camelCase(key), jsonForm(one, key)]));
}

/** google.protobuf.Timestamp or Duration, as the loader gives them. */
interface Span {
  readonly seconds: string;
  readonly nanos: number;
}

/** google.protobuf.Timestamp → milliseconds since the epoch. */
export function timeMs({ seconds: whole, nanos }: Span): number {
  return Number(whole) * 1000 + nanos / 1e6;
}

function isSpan(value: object): value is Span {
  return 'seconds' in value && 'nanos' in value && Object.keys(value).length === 2;
}

function rfc3339(value: Span): string {
  return new Date(timeMs(value)).toISOString();
}

function seconds({ seconds: whole, nanos }: Span): string {
  return nanos === 0
    ? `${whole}s`
    : `${whole}.${String(nanos)
        .padStart(9, '0')
        .replace(/(000){1,2}$/, '')}s`;
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}
