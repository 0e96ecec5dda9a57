import { expect } from 'chai';
import { documents } from '../../support/documents.js';
import { type Quantities, quantitiesIn } from '../../support/prose-quantities.js';
import { exposedWithRules, type Rule, rules } from '../../support/rule-files.js';
import { labelValues } from '../../support/rule-labels.js';
import { numbersOf } from '../../support/rule-numbers.js';
import { textOf } from '../../support/sources.js';

const GUIDE = 'docs/operations.md';
/** Names of metrics in a document, as Prometheus has them and as OpenTelemetry has them. */
const SERIES = /`((?:ws_proxy|nodejs|process|envoy_(?:cluster|http|listener)|http_server|rpc_server)_[a-z_0-9]+)`/g;
const INSTRUMENT = /`((?:ws_proxy|nodejs|process)\.[a-z_.]+)`/g;
/** `metric` by `label`. */
const BY = /`([a-z_0-9]+)` by `([a-z_]+)`/g;

/** The rules of each alert. */
const alerts = new Map<string, Rule[]>();
for (const rule of rules())
  if (rule.alert !== undefined) alerts.set(rule.alert, [...(alerts.get(rule.alert) ?? []), rule]);

/** The section of an alert in the guide. */
function runbookOf(alert: string): string {
  return (
    textOf(GUIDE)
      .split(/^#+ /m)
      .find((section) => section.startsWith(`${alert}\n`)) ?? ''
  );
}

/** What a section says before its first list, table or second paragraph. */
function openingOf(section: string): string {
  return section.split('\n\n')[1] ?? '';
}

function all({ times, shares, others }: Quantities): number[] {
  return [...times, ...shares, ...others].filter((value) => value !== 0);
}

describe('the runbooks', () => {
  for (const [alert, its] of alerts) {
    it(`${alert}: begins with the thresholds and times of its rules, and names no others`, () => {
      const { needed, allowed } = numbersOf(its);
      const said = all(quantitiesIn(openingOf(runbookOf(alert))));
      expect(
        [...needed].filter((value) => !said.includes(value)),
        'not said',
      ).to.deep.equal([]);
      expect(
        said.filter((value) => !allowed.has(value)),
        'said, and in no rule',
      ).to.deep.equal([]);
    });

    it(`${alert}: says in its notification what its rule compares with`, () => {
      for (const rule of its) {
        const { allowed } = numbersOf([rule]);
        const { summary = '', description = '' } = rule.annotations ?? {};
        const said = all(quantitiesIn(`${summary}\n${description}`.replace(/\{\{.*?\}\}/g, '0')));
        expect(said.filter((value) => !allowed.has(value))).to.deep.equal([]);
      }
    });

    it(`${alert}: has tables of the values that its labels have`, () => {
      for (const [label, listed] of tablesOf(runbookOf(alert))) {
        const known = labelValues(label, its);
        if (known === undefined) continue;
        expect(
          listed.filter((value) => !known.has(value)),
          label,
        ).to.deep.equal([]);
      }
    });
  }

  it('are told the same of in every other place', () => {
    for (const path of documents()) {
      // What a table says of an alert stands in other cells than its name; a clause has both.
      const prose = textOf(path).replace(/^\|.*$/gm, '');
      for (const clause of prose.split(/[.;:?]\s|\n\n|\n(?=[#-])/)) {
        for (const [, name = ''] of clause.matchAll(/\[(\w+)\]\([^)]*#\w+\)/g)) {
          const { allowed } = numbersOf(alerts.get(name) ?? []);
          if (!alerts.has(name)) continue;
          expect(
            all(quantitiesIn(clause)).filter((value) => !allowed.has(value)),
            `${path}: ${clause}`,
          ).to.deep.equal([]);
        }
      }
    }
  });
});

/** The tables of a section: the name in the head of the first column, and what stands in code below it. */
function tablesOf(section: string): [string, string[]][] {
  return [...section.matchAll(/^\| *`?(\w+)`? *\|.*\n\|[ -|]+\n((?:\|.*\n?)+)/gm)].map(([, head = '', body = '']) => {
    const cells = body.split('\n').map((line) => line.split('|')[1] ?? '');
    return [head, cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, value = '']) => value))];
  });
}

describe('metrics in documents', () => {
  const exposed = exposedWithRules();
  // The tables of metrics and of attributes there are made from the code.
  const listed = new Set(
    [...textOf('observability/README.md').matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, name]) => name),
  );

  for (const path of documents()) {
    it(`${path} names none that is not there, and none with a label that it has not`, () => {
      const text = textOf(path);
      const series = [...text.matchAll(SERIES)].map(([, name = '']) => name);
      const isThere = (name: string): boolean => ['', '_bucket'].some((part) => exposed.has(`${name}${part}`));
      expect(series.filter((name) => !isThere(name))).to.deep.equal([]);
      const instruments = [...text.matchAll(INSTRUMENT)].map(([, name = '']) => name);
      expect(instruments.filter((name) => !listed.has(name))).to.deep.equal([]);
      const by = [...text.matchAll(BY)].filter(([, name = '']) => exposed.has(name));
      expect(by.filter(([, name = '', label = '']) => !exposed.get(name)?.has(label)).map(String)).to.deep.equal([]);
    });
  }
});
