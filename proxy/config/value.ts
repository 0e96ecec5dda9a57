import { readCount } from '../values/count.js';
import { readDuration } from '../values/duration.js';
import { readSize } from '../values/size.js';
import { faultOfPrefix } from '../wire/path.js';
import type { OptionRow } from './options.js';

export type Value = string | number | boolean | readonly string[];
export type ValueReading = { readonly ok: Value } | { readonly fault: string };

/** Reads one option's text by its row. Throws nothing. */
export function parseValue(row: OptionRow, text: string): ValueReading {
  switch (row.kind) {
    case 'text':
      if (text === '') return { fault: 'it is empty' };
      return row.item === undefined || row.item.pattern.test(text) ? { ok: text } : { fault: row.item.fault };
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
      return readCount(text, row);
    case 'duration':
      return readDuration(text, row);
    case 'bytes':
      return readSize(text, row);
  }
}

function listed(row: OptionRow, items: readonly string[]): ValueReading {
  const { item } = row;
  return item === undefined || items.every((one) => item.pattern.test(one)) ? { ok: items } : { fault: item.fault };
}
