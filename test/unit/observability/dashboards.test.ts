import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { unknownNames } from '../../support/exposed-metrics.js';
import { exposedWithRules } from '../../support/rule-files.js';
import { ROOT } from '../../support/sources.js';

interface Target {
  readonly refId: string;
  readonly datasource: { readonly uid: string };
  readonly expr?: string;
  readonly legendFormat?: string;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly options?: { readonly yAxis?: { readonly unit?: string } };
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly links: readonly { readonly url: string }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
  };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

const FOLDER = join(ROOT, 'observability/dashboards');
/** Columns of Grafana's grid. */
const COLUMNS = 24;
/** The variable of every dashboard that names the Prometheus to ask. */
const METRICS = `\${datasource}`;
const UIDS = ['ws-proxy-edge', 'ws-proxy-fleet', 'ws-proxy-invocations', 'ws-proxy-replicas', 'ws-proxy-session'];

const dashboards = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(join(FOLDER, name), 'utf8'),
}));

describe('observability/dashboards', () => {
  const exposed = exposedWithRules();

  it('are five, each named by its uid', () => {
    expect(dashboards.map(({ name }) => `ws-proxy-${name.replace('.json', '')}`).sort()).to.deep.equal(UIDS);
  });

  for (const { name, text } of dashboards) {
    const dashboard = JSON.parse(text) as Dashboard;
    const { panels } = dashboard;
    const targets = panels.flatMap((panel) => panel.targets ?? []);

    describe(name, () => {
      it('can be found again: uid, title, links to the others', () => {
        expect(`ws-proxy-${name}`).to.equal(`${dashboard.uid}.json`);
        expect(dashboard.title).to.match(/^ws-proxy \/ /);
        expect(dashboard.schemaVersion).to.be.at.least(39);
        const linked = dashboard.links.map(({ url }) => url.replace('/d/', ''));
        expect([...linked, dashboard.uid].sort()).to.deep.equal(UIDS);
      });

      it('has panels with ids of their own that do not overlap', () => {
        expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
        const taken = new Map<string, string>();
        for (const { title, gridPos } of panels) {
          expect(gridPos.x + gridPos.w, title).to.be.at.most(COLUMNS);
          for (const cell of cellsOf(gridPos)) {
            expect(taken.get(cell), `${title} at ${cell}`).to.equal(undefined);
            taken.set(cell, title);
          }
        }
      });

      it('says of each panel what it shows, and in which unit', () => {
        for (const { type, title, description, fieldConfig, options } of panels.filter((one) => one.type !== 'row')) {
          expect(title).to.not.equal('');
          expect(description, title).to.match(/\.$/);
          const unit = type === 'heatmap' ? options?.yAxis?.unit : fieldConfig?.defaults.unit;
          if (type !== 'text') expect(unit, title).to.be.a('string');
        }
      });

      it('asks the data sources that its variables name, and nothing else', () => {
        const variables = dashboard.templating.list;
        const sources = variables.filter(({ type }) => type === 'datasource').map((one) => `\${${one.name}}`);
        expect(sources).to.include(METRICS);
        for (const target of targets) expect(sources).to.include(target.datasource.uid);
        const used = [...text.matchAll(/\$\{?([a-z]\w*)\}?/g)].map(([, variable = '']) => variable);
        expect(variables.map((one) => one.name)).to.include.members([...new Set(used)]);
      });

      it('asks only for metrics and labels that are there', () => {
        const unknown = targets.flatMap(({ expr, legendFormat = '' }) => {
          const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
          return expr === undefined ? [] : unknownNames(expr, exposed, shown);
        });
        const annotated = dashboard.annotations.list.flatMap(({ expr }) => unknownNames(expr, exposed));
        const listed = dashboard.templating.list.flatMap(({ definition }) => {
          const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(definition ?? '') ?? [];
          return metric === undefined ? [] : unknownNames(metric, exposed, [label ?? '']);
        });
        expect([...unknown, ...annotated, ...listed]).to.deep.equal([]);
      });
    });
  }
});

function cellsOf({ x, y, w, h }: Panel['gridPos']): string[] {
  return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
}
