/** The metrics and labels that an expression of PromQL asks for. */
export interface PromqlNames {
  /** Each metric with the labels that its selectors match. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** Labels that results are grouped or matched by. */
  readonly groupings: readonly string[];
}

/** Strings, variables of Grafana, numbers and durations, names, everything else; comments and space fall out. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\$\{?\w+\}?|\d[\w.]*|[a-zA-Z_:][\w:]*|#[^\n]*|[=!<>]=|=~|!~|[^\s]/g;
const NAME = /^[a-zA-Z_:]/;

const GROUPING = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const OPERATORS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);
const AGGREGATIONS = new Set(['sum', 'min', 'max', 'avg', 'count', 'topk', 'bottomk', 'quantile', 'stddev', 'group']);

/** Reads the names in an expression, which need not be valid: promtool checks that. */
export function namesIn(expression: string): PromqlNames {
  const tokens = (expression.match(TOKEN) ?? []).filter((token) => !token.startsWith('#'));
  const selectors: { metric: string; labels: string[] }[] = [];
  const groupings: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (!NAME.test(token) || OPERATORS.has(token) || AGGREGATIONS.has(token)) continue;
    const opens = tokens[at + 1];
    const end = endOf(tokens, at + 1);
    const inside = tokens.slice(at + 2, end).filter((one) => NAME.test(one));
    if (GROUPING.has(token)) groupings.push(...inside);
    // A bracket after any other name makes the name a function, whose arguments are read in turn.
    else if (opens === '(') continue;
    else selectors.push({ metric: token, labels: inside });
    at = end;
  }
  return { selectors, groupings };
}

/** Position of the bracket that closes the one at this token; where no bracket opens, the position before. */
function endOf(tokens: readonly string[], at: number): number {
  const closes = { '(': ')', '{': '}' }[tokens[at] ?? ''];
  if (closes === undefined) return at - 1;
  const end = tokens.indexOf(closes, at);
  return end < 0 ? tokens.length : end;
}
