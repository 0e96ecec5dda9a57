import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { prometheusRules } from '../../../admin/rules-text.js';
import { failureClassOf, OUTCOMES, type Outcome, outcomes } from '../../../proxy/wire/invocation.js';
import { unknownNames } from '../../support/exposed-metrics.js';
import { exposedWithRules, RULES, type Rule, rules } from '../../support/rule-files.js';
import { textOf } from '../../support/sources.js';

/** Labels that an annotation shows, and expressions in an annotation. */
const SHOWN = /\$labels\.(\w+)/g;
const ASKED = /query "([^"]+)"/g;

/** Makes the anchor of a heading as GitHub does. */
function anchorOf(heading: string): string {
  const text = heading.replace(/^#+ /, '').toLowerCase();
  return text.replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-');
}

describe('observability/rules', () => {
  const exposed = exposedWithRules();
  const alerts = rules().filter(({ alert }) => alert !== undefined);

  it('ask only for metrics and labels that are there', () => {
    expect(rules().flatMap(({ expr }) => unknownNames(expr, exposed))).to.deep.equal([]);
  });

  it('count calls, and those that were not answered, by the outcomes that are: older services have no class', () => {
    const named = (ones: readonly Outcome[]): string => `outcome=~"${ones.join('|')}"`;
    const none = named(OUTCOMES.filter((one) => failureClassOf(one, undefined) === 'not_answered'));
    const all = named(OUTCOMES.filter((one) => outcomes[one].timed));
    const selected = (text: string): string[] =>
      [...text.replaceAll('\\', '').matchAll(/invocations_total\{([^}]*)\}/g)].map(([, labels = '']) => labels);
    const asked = rules().flatMap(({ expr }) => selected(expr));
    expect([...new Set(asked)].sort()).to.deep.equal([all, none].sort());
    expect(selected(textOf('observability/dashboards/session.json'))).to.deep.equal([none]);
  });

  it('show only labels that are there', () => {
    const unknown = alerts.flatMap(({ expr, annotations = {} }) => {
      const text = Object.values(annotations).join('\n');
      const asked = [...text.matchAll(ASKED)].flatMap(([, asks = '']) => unknownNames(asks, exposed));
      const shown = [...text.matchAll(SHOWN)].map(([, label = '']) => label);
      return [...asked, ...unknownNames(expr, exposed, shown)];
    });
    expect(unknown).to.deep.equal([]);
  });

  it('say of each alert how bad it is, what it is and what to do', () => {
    for (const { alert = '', labels, annotations } of alerts) {
      expect(labels?.['severity'], alert).to.be.oneOf(['page', 'ticket']);
      expect(annotations, alert).to.have.all.keys('summary', 'description', 'runbook_url');
      expect(annotations?.['runbook_url']).to.equal(`docs/operations.md#${alert.toLowerCase()}`);
    }
  });

  it('lead to sections of the operations guide that are there', () => {
    const headings = textOf('docs/operations.md').match(/^#+ .+$/gm) ?? [];
    const anchors = new Set(headings.map(anchorOf));
    const wanted = alerts.map(({ annotations }) => annotations?.['runbook_url']?.split('#')[1] ?? '');
    expect([...new Set(wanted)].filter((anchor) => !anchors.has(anchor))).to.deep.equal([]);
  });

  it('are printed by ws-proxy rules, with the sections at the address that is given', () => {
    const printed = (text: string): Rule[] =>
      (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
    expect(printed(prometheusRules())).to.deep.equal(rules());
    const led = printed(prometheusRules('https://wiki.example.com/g?v=1'));
    for (const { alert = '', annotations } of led.filter((rule) => rule.alert !== undefined)) {
      expect(annotations?.['runbook_url']).to.equal(`https://wiki.example.com/g?v=1#${alert.toLowerCase()}`);
    }
    expect(led.map(({ expr }) => expr)).to.deep.equal(rules().map(({ expr }) => expr));
  });

  it('have a test of each alert that sees it fire', () => {
    const tests = join(RULES, 'tests');
    const text = readdirSync(tests).map((name) => readFileSync(join(tests, name), 'utf8'));
    const fired = new Set(
      text
        .join('\n')
        .match(/alertname: \w+\n\s+exp_alerts:\n/g)
        ?.map((one) => one.split(/\s+/)[1]),
    );
    expect([...fired].sort()).to.deep.equal([...new Set(alerts.map(({ alert }) => alert))].sort());
  });
});
