import { readDuration } from '../../proxy/values/duration.js';
import type { Rule } from './rule-files.js';

/** The numbers of an alert's rules. */
export interface RuleNumbers {
  /** What its text must name: what is compared with, and how long it must last. Seconds, shares and rates alike. */
  readonly needed: ReadonlySet<number>;
  /** What its text may name beside them: the times that its rates look at. */
  readonly allowed: ReadonlySet<number>;
}

/** A comparison with a number, which may be a product or the factor of what follows; `on (…)` may stand between. */
const COMPARED = /[<>]=?\s*(?:on\s*\(\w*\)\s*)?(\d+(?:\.\d+)?(?:\s*\*\s*\d+(?:\.\d+)?)*)/g;
/** `[5m]`, and `rate5m` in the name of a recording. */
const WINDOW = /(?:\[|rate)(\d+[smhd])\b/g;
/** The time that a budget of errors is for. */
const BUDGET = 30 * 86_400;

/** Reads the numbers of all rules of one alert. Nothing and one stand in an expression for "there is some" and "more than one". */
export function numbersOf(rules: readonly Rule[]): RuleNumbers {
  const compared = rules.flatMap(({ expr }) =>
    [...expr.matchAll(COMPARED)].map(([, product = '']) =>
      product.split('*').reduce((all, one) => all * Number(one), 1),
    ),
  );
  const lasting = rules.flatMap((rule) => (rule.for === undefined ? [] : [secondsOf(rule.for)]));
  const windows = rules.flatMap(({ expr }) => [...expr.matchAll(WINDOW)].map(([, time = '']) => secondsOf(time)));
  const budget = rules.some(({ expr }) => expr.includes('ws_proxy:slo_objective')) ? [BUDGET] : [];
  const needed = new Set([...compared.filter((value) => value !== 0 && value !== 1), ...lasting]);
  return { needed, allowed: new Set([...needed, ...compared, ...windows, ...budget]) };
}

function secondsOf(text: string): number {
  const read = readDuration(text);
  if ('fault' in read) throw new Error(`${text}: ${read.fault}`);
  return read.ok / 1000;
}
