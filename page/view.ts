import { FAILURES, KINDS, STATES } from './answer.js';

/**
 * What the viewer has chosen to see, and its form in the URL, by which a view can be kept and handed over. What is as at first is left out of
 * the URL, and what makes no sense there is taken as it is at first.
 */
export interface View {
  /** Text that a call must contain, and how it must have ended. */
  readonly calls: string;
  readonly failure: (typeof FAILURES)[number];
  /** Text that a session must contain, its state, and how many newer ones are skipped. */
  readonly sessions: string;
  readonly state: (typeof STATES)[number];
  readonly offset: number;
  /** Text that a refusal or an ending must contain, and which of the two it must be. */
  readonly troubles: string;
  readonly kind: (typeof KINDS)[number];
  /** The time of calls, refusals and endings. */
  readonly range: (typeof RANGES)[number];
  /** The bounds of `between`, milliseconds since the epoch; 0: none. */
  readonly from: number;
  readonly to: number;
  /** What is open beside the lists: the history of a meetup, the call of a trace, or a call above a meetup. */
  readonly meetup: string;
  readonly trace: string;
}

/** The time of calls, refusals and endings: all that is remembered, the last so long, or between two moments. The first is as good as no choice. */
export const RANGES = ['all', '10m', '1h', '6h', '1d', 'between'] as const;

const MINUTE = 60_000;
const LENGTHS: Readonly<Record<string, number>> = {
  '10m': 10 * MINUTE,
  '1h': 60 * MINUTE,
  '6h': 360 * MINUTE,
  '1d': 1440 * MINUTE,
};

/** Longest text that the service takes. */
const MAX_CHARS = 200;
const TRACE_ID = /^[0-9a-f]{32}$/;

/** What is seen before anything was chosen. */
export const FIRST: View = {
  calls: '',
  failure: 'any',
  sessions: '',
  state: 'any',
  offset: 0,
  troubles: '',
  kind: 'any',
  range: 'all',
  from: 0,
  to: 0,
  meetup: '',
  trace: '',
};

/** Reads the query of a URL. A trace may come as a user has copied it, with capitals or spaces around it. */
export function viewIn(search: string): View {
  const query = new URLSearchParams(search);
  const text = (name: string, most = MAX_CHARS): string => (query.get(name) ?? '').slice(0, most);
  const one = <const All extends readonly [string, ...string[]]>(name: string, all: All): All[number] =>
    all.find((choice) => choice === query.get(name)) ?? all[0];
  const trace = text('trace').trim().toLowerCase();
  return {
    calls: text('calls'),
    failure: one('failure', FAILURES),
    sessions: text('sessions'),
    state: one('state', STATES),
    offset: /^\d{1,9}$/.test(text('offset')) ? Number(text('offset')) : 0,
    troubles: text('troubles'),
    kind: one('kind', KINDS),
    range: one('range', RANGES),
    from: timeIn(text('from')),
    to: timeIn(text('to')),
    meetup: text('meetup', 1_024),
    trace: TRACE_ID.test(trace) ? trace : '',
  };
}

/** Writes the query of a URL, with its question mark; empty for the first view. */
export function searchOf(view: View): string {
  const query = new URLSearchParams();
  for (const name of Object.keys(FIRST) as (keyof View)[]) {
    const value = view[name];
    if (value === FIRST[name]) continue;
    query.set(name, name === 'from' || name === 'to' ? new Date(value).toISOString() : String(value));
  }
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** The bounds in time, milliseconds since the epoch; 0: none. `now` is the service's clock. */
export function boundsOf({ range, from, to }: View, now: number): { readonly from: number; readonly to: number } {
  if (range === 'between') return { from, to };
  const length = LENGTHS[range];
  return { from: length === undefined ? 0 : Math.max(0, Math.floor(now - length)), to: 0 };
}

/** Reads a moment, milliseconds since the epoch; 0 where the text is none, or one before it. */
export function timeIn(text: string): number {
  const at = Date.parse(text);
  return Number.isFinite(at) && at > 0 ? at : 0;
}
