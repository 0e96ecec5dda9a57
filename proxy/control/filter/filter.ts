import type { SessionFigures } from '../../session/views/overview.js';
import type { SessionView } from '../../session/views/view.js';
import { readCount } from '../../values/count.js';
import { readDuration } from '../../values/duration.js';
import { readSize } from '../../values/size.js';
import { FIELDS, type Field } from './filter-fields.js';
import { type Comparison, type FilterCondition, parseFilter } from './filter-parser.js';

/** Tells whether a session matches. */
export type Filter = (view: SessionView) => boolean;

export type FilterReading = { readonly ok: Filter } | { readonly fault: string };

/** What changes in a session without an event, at one moment. */
export interface Moment {
  readonly figures: (view: SessionView) => SessionFigures;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Reads a filter (subset of AIP-160); the empty filter matches everything. Throws nothing; the fault names the position.
 *
 * @param moment absent where the filter must stay true until the next event, as in a watch
 */
export function readFilter(text: string, replica: string, moment?: Moment): FilterReading {
  const parsed = parseFilter(text);
  if ('fault' in parsed) return parsed;
  if (parsed.ok === undefined) return { ok: () => true };
  try {
    return { ok: compile(parsed.ok, { replica, moment }) };
  } catch (error) {
    if (error instanceof FilterFault) return { fault: error.message };
    throw error;
  }
}

class FilterFault extends Error {}

/** What a condition is judged by. */
interface Ground {
  readonly replica: string;
  readonly moment: Moment | undefined;
}

function compile(condition: FilterCondition, ground: Ground): Filter {
  switch (condition.t) {
    case 'and': {
      const parts = condition.of.map((one) => compile(one, ground));
      return (view) => parts.every((part) => part(view));
    }
    case 'or': {
      const parts = condition.of.map((one) => compile(one, ground));
      return (view) => parts.some((part) => part(view));
    }
    case 'not': {
      const part = compile(condition.of, ground);
      return (view) => !part(view);
    }
    case 'is':
      return compare(condition, ground);
  }
}

function compare(comparison: Comparison, ground: Ground): Filter {
  const field = fieldOf(comparison);
  if (comparison.op === '!=') {
    const equal = compare({ ...comparison, op: '=' }, ground);
    return (view) => !equal(view);
  }
  if (field.t === 'time') {
    const test = numberTest(comparison, timeIn(comparison));
    return (view) => field.of(view).some(test);
  }
  if (field.t === 'figure') return figureTest(comparison, field, ground);
  const test = field.t === 'text' ? textTest(comparison) : wordTest(comparison, field.words);
  return (view) => field.of(view, ground.replica).some(test);
}

function fieldOf({ field, at }: Comparison): Field {
  const found = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
  if (found !== undefined) return found;
  throw new FilterFault(`character ${at.field + 1}: no field "${field}"; fields are ${Object.keys(FIELDS).join(', ')}`);
}

function textTest(comparison: Comparison): (value: string) => boolean {
  const { op, value: wanted } = comparison;
  if (op === ':') return (value) => value.includes(wanted);
  if (op !== '=') throw wrongOperator(comparison, '=, != and :');
  const open = { start: wanted.startsWith('*'), end: wanted.length > 1 && wanted.endsWith('*') };
  const core = wanted.slice(open.start ? 1 : 0, open.end ? -1 : undefined);
  if (open.start && open.end) return (value) => value.includes(core);
  if (open.start) return (value) => value.endsWith(core);
  if (open.end) return (value) => value.startsWith(core);
  return (value) => value === core;
}

function wordTest(comparison: Comparison, words: readonly string[]): (value: string) => boolean {
  const { op, value: wanted, field, at } = comparison;
  if (op !== '=') throw wrongOperator(comparison, '= and !=');
  const word = words.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (word === undefined) throw new FilterFault(`character ${at.value + 1}: ${field} is one of ${words.join(', ')}`);
  return (value) => value === word;
}

/** A time of RFC 3339, as AIP-160 wants it. */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

function timeIn({ value: text, field, at }: Comparison): number {
  const wanted = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(wanted)) return wanted;
  throw new FilterFault(`character ${at.value + 1}: ${field} needs an RFC 3339 time such as 2026-01-31T12:00:00Z`);
}

function figureTest(comparison: Comparison, { unit, of }: Field & { t: 'figure' }, { moment }: Ground): Filter {
  const { field, at, value } = comparison;
  if (moment === undefined) {
    throw new FilterFault(
      `character ${at.field + 1}: ${field} changes without an event: a list can ask for it, a watch cannot`,
    );
  }
  const wanted = READERS[unit](value);
  if ('fault' in wanted) throw new FilterFault(`character ${at.value + 1}: ${field}: ${value}: ${wanted.fault}`);
  const test = numberTest(comparison, wanted.ok);
  const { figures, now } = moment;
  return (view) => test(of(figures(view), now - view.createdAt));
}

const READERS = { count: readCount, bytes: readSize, time: readDuration };

function numberTest(comparison: Comparison, wanted: number): (value: number) => boolean {
  switch (comparison.op) {
    case '=':
      return (value) => value === wanted;
    case '<':
      return (value) => value < wanted;
    case '<=':
      return (value) => value <= wanted;
    case '>':
      return (value) => value > wanted;
    case '>=':
      return (value) => value >= wanted;
    default:
      throw wrongOperator(comparison, '=, !=, <, <=, > and >=');
  }
}

function wrongOperator({ field, op, at }: Comparison, allowed: string): FilterFault {
  return new FilterFault(`character ${at.op + 1}: ${field} takes ${allowed}, not ${op}`);
}
