import { FAILURES, KINDS, STATES } from '../../page/answer.js';

/** Sessions on one page of the list. */
export const SESSIONS_PER_PAGE = 25;
/** Longest text that something is filtered by, in characters. */
export const MAX_FILTER_CHARS = 200;
/** Longest meetup id and process id, in characters. */
const MAX_ID_CHARS = 1_024;
/** Longest mark of a list, in characters. */
const MAX_MARK_CHARS = 40;

/** A viewer's question: the points that it has already, and what it wants to see. */
export interface Question {
  /** Id of the process that the sequence number belongs to; empty at first. */
  readonly service: string;
  /** The last sequence number of the charts' points that the viewer has; 0 when it has none. */
  readonly points: number;
  /** Text that a session must contain, lower case; empty: every session. */
  readonly filter: string;
  readonly state: (typeof STATES)[number];
  readonly offset: number;
  /** `callsMark` of the list of calls that the viewer has, where that is one to the same question; empty: it has none. */
  readonly have: string;
  /** Text that a call must contain, lower case, and how it must have ended. */
  readonly calls: string;
  readonly failure: (typeof FAILURES)[number];
  /** Text that a refusal or an ending must contain, lower case, and which of the two it must be. */
  readonly troubles: string;
  readonly kind: (typeof KINDS)[number];
  /** Between which times calls, refusals and endings must lie, milliseconds since the epoch; 0: no bound. */
  readonly from: number;
  readonly to: number;
  /** The meetup whose history is asked for; empty: none. */
  readonly meetup: string;
}

const NUMBERS = ['points', 'offset', 'from', 'to'] as const;
const CHOICES = { state: STATES, failure: FAILURES, kind: KINDS } as const;
const TEXTS = { filter: MAX_FILTER_CHARS, calls: MAX_FILTER_CHARS, troubles: MAX_FILTER_CHARS } as const;
const IDS = { service: MAX_ID_CHARS, have: MAX_MARK_CHARS, meetup: MAX_ID_CHARS } as const;
const KNOWN: readonly string[] = [NUMBERS, CHOICES, TEXTS, IDS].flatMap((one) =>
  Array.isArray(one) ? one : Object.keys(one),
);

class Wrong extends Error {}

/** Reads the query of `/page/state`; an absent field has its value of the first question. */
export function readQuestion(url: string): { readonly ok: Question } | { readonly fault: string } {
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '');
  try {
    const unknown = [...query.keys()].find((name) => !KNOWN.includes(name));
    if (unknown !== undefined) throw new Wrong(`there is no parameter ${JSON.stringify(unknown)}`);
    const number = (name: (typeof NUMBERS)[number]): number => numberIn(name, query.get(name) ?? '0');
    const text = (name: keyof typeof TEXTS | keyof typeof IDS): string =>
      textIn(name, query.get(name) ?? '', { ...TEXTS, ...IDS }[name]);
    const choice = <const All extends readonly string[]>(name: keyof typeof CHOICES, all: All): All[number] =>
      choiceIn(name, query.get(name) ?? 'any', all);
    return {
      ok: {
        service: text('service'),
        points: number('points'),
        filter: text('filter').toLowerCase(),
        state: choice('state', STATES),
        offset: number('offset'),
        have: text('have'),
        calls: text('calls').toLowerCase(),
        failure: choice('failure', FAILURES),
        troubles: text('troubles').toLowerCase(),
        kind: choice('kind', KINDS),
        from: number('from'),
        to: number('to'),
        meetup: text('meetup'),
      },
    };
  } catch (error) {
    if (error instanceof Wrong) return { fault: error.message };
    throw error;
  }
}

function numberIn(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Wrong(`${name} must be a whole number`);
  return Number(text);
}

function textIn(name: string, text: string, most: number): string {
  if (text.length > most) throw new Wrong(`${name} has more than ${most} characters`);
  return text;
}

function choiceIn<const All extends readonly string[]>(name: string, text: string, all: All): All[number] {
  const found = all.find((one) => one === text);
  if (found === undefined) throw new Wrong(`${name} must be one of ${all.join(', ')}`);
  return found;
}
