/** Sessions on one page of the list. */
export const SESSIONS_PER_PAGE = 25;
/** Longest text that sessions are filtered by, in characters. */
export const MAX_FILTER_CHARS = 200;

/** A viewer's question: the data that it has already, and the list that it wants to see. */
export interface Question {
  /** Id of the process that the sequence numbers belong to; empty at first. */
  readonly service: string;
  /** The last sequence number of each list that the viewer has; 0 when it has none. */
  readonly invocations: number;
  readonly refusals: number;
  readonly endings: number;
  readonly points: number;
  /** Text that a session must contain, lower case; empty: every session. */
  readonly filter: string;
  readonly state: 'any' | 'waiting' | 'paired';
  readonly offset: number;
}

const NUMBERS = ['invocations', 'refusals', 'endings', 'points', 'offset'] as const;
const STATES = ['any', 'waiting', 'paired'] as const;
const KNOWN: readonly string[] = [...NUMBERS, 'service', 'filter', 'state'];

/** Reads the query of `/page/state`; an absent field has its value of the first question. */
export function readQuestion(url: string): { readonly ok: Question } | { readonly fault: string } {
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '');
  for (const name of query.keys()) {
    if (!KNOWN.includes(name)) return { fault: `there is no parameter ${JSON.stringify(name)}` };
  }
  const numbers = { invocations: 0, refusals: 0, endings: 0, points: 0, offset: 0 };
  for (const name of NUMBERS) {
    const text = query.get(name) ?? '0';
    if (!/^\d{1,15}$/.test(text)) return { fault: `${name} must be a whole number` };
    numbers[name] = Number(text);
  }
  const filter = query.get('filter') ?? '';
  if (filter.length > MAX_FILTER_CHARS) return { fault: `filter has more than ${MAX_FILTER_CHARS} characters` };
  const wanted = query.get('state') ?? 'any';
  const state = STATES.find((one) => one === wanted);
  if (state === undefined) return { fault: `state must be one of ${STATES.join(', ')}` };
  return { ok: { ...numbers, service: query.get('service') ?? '', filter: filter.toLowerCase(), state } };
}
