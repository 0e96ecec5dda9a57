/** The quantities that a text names. */
export interface Quantities {
  /** Seconds. */
  readonly times: ReadonlySet<number>;
  /** From 0 to 1. */
  readonly shares: ReadonlySet<number>;
  /** So many a second, and so many times another number. */
  readonly others: ReadonlySet<number>;
}

const COUNTS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const PARTS: Readonly<Record<string, number>> = { half: 2, third: 3, quarter: 4, fifth: 5, tenth: 10, hundredth: 100 };
const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  second: 1,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

const NUMBER = `\\d[\\d,]*(?:\\.\\d+)?|an?|${COUNTS.join('|')}`;
/** `two fifths`, `a quarter`. */
const SHARE = `\\b(${NUMBER}) (${Object.keys(PARTS).join('|')})s?\\b`;
const UNIT = `(${Object.keys(SECONDS).join('|')})s?\\b`;

/** Reads the quantities in a text: times, shares, rates (`0.1 peers a second`) and factors (`6 times`), in digits or in words. */
export function quantitiesIn(text: string): Quantities {
  const times = new Set<number>();
  const shares = new Set<number>();
  const others = new Set<number>();
  let rest = text.toLowerCase().replaceAll('`', '');
  const take = (pattern: string, found: (...parts: string[]) => void): void => {
    rest = rest.replace(new RegExp(pattern, 'g'), (_, ...parts) => {
      found(...parts.filter((part) => typeof part === 'string'));
      return ' ; ';
    });
  };
  take(`\\b(${NUMBER}) times\\b`, (count = '') => others.add(numberOf(count)));
  take(`${SHARE} of a ${UNIT}`, (count = '', part = '', unit = '') =>
    times.add(shareOf(count, part) * secondsOf(unit)),
  );
  take(`\\b(${NUMBER})(?: [a-z]+){1,3} a second\\b`, (count = '') => others.add(numberOf(count)));
  take(SHARE, (count = '', part = '') => shares.add(shareOf(count, part)));
  take(`\\b(${NUMBER}) ?%`, (count = '') => shares.add(rounded(numberOf(count) / 100)));
  take(`\\b(${NUMBER}) ${UNIT}`, (count = '', unit = '') => times.add(numberOf(count) * secondsOf(unit)));
  return { times, shares, others };
}

function shareOf(count: string, part: string): number {
  return rounded(numberOf(count) / (PARTS[part] ?? 1));
}

function secondsOf(unit: string): number {
  return SECONDS[unit] ?? 0;
}

function numberOf(text: string): number {
  if (/^an?$/.test(text)) return 1;
  const word = COUNTS.indexOf(text);
  return word < 0 ? Number(text.replaceAll(',', '')) : word;
}

/** Without the dust of binary fractions. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}
