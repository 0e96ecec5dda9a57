import { faultOfPrefix } from '../wire/path.js';
import type { OptionRow } from './options.js';

export type Value = string | number | boolean | readonly string[];
export type Parsed = { readonly ok: Value } | { readonly fault: string };

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const BYTES = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)?$/;
const FACTOR: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** Reads one option's text by its row. Throws nothing. */
export function parseValue(row: OptionRow, text: string): Parsed {
  switch (row.kind) {
    case 'text':
      return text === '' ? { fault: 'it is empty' } : { ok: text };
    case 'prefix': {
      const fault = faultOfPrefix(text);
      return fault === undefined ? { ok: text } : { fault };
    }
    case 'list':
      return listed(row, text === '' ? [] : text.split(',').map((item) => item.trim()));
    case 'flag':
      return text === 'true' || text === 'false' ? { ok: text === 'true' } : { fault: 'it is neither true nor false' };
    case 'choice':
      return row.choices?.includes(text) === true
        ? { ok: text }
        : { fault: `it is not one of ${row.choices?.join(', ')}` };
    case 'count':
      return /^\d+$/.test(text) ? bounded(row, Number(text), String) : { fault: 'it is not a whole number' };
    case 'duration':
      return scaled(
        row,
        DURATION.exec(text),
        MILLISECONDS,
        'it is not a duration such as 500ms, 10s or 5m',
        (n) => `${n}ms`,
      );
    case 'bytes':
      return scaled(
        row,
        BYTES.exec(text),
        FACTOR,
        'it is not a size such as 4096, 512KiB or 4MiB',
        (n) => `${n} bytes`,
      );
  }
}

function listed(row: OptionRow, items: readonly string[]): Parsed {
  const { item } = row;
  return item === undefined || items.every((one) => item.pattern.test(one)) ? { ok: items } : { fault: item.fault };
}

function scaled(
  row: OptionRow,
  match: RegExpExecArray | null,
  factors: Readonly<Record<string, number>>,
  fault: string,
  show: (value: number) => string,
): Parsed {
  if (match === null) return { fault };
  const factor = factors[match[2] ?? 'B'] ?? 1;
  return bounded(row, Math.round(Number(match[1]) * factor), show);
}

function bounded(row: OptionRow, value: number, show: (value: number) => string): Parsed {
  if (row.min !== undefined && value < row.min) return { fault: `it is less than ${show(row.min)}` };
  if (row.max !== undefined && value > row.max) return { fault: `it is more than ${show(row.max)}` };
  return { ok: value };
}
