import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { exposedMetrics, resultLabels } from './exposed-metrics.js';
import { ROOT } from './sources.js';

/** A rule of Prometheus: recording where it has `record`, else alerting. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** The folder of the rules. */
export const RULES = join(ROOT, 'observability/rules');

/** All rules of observability/rules. */
export function rules(): Rule[] {
  return readdirSync(RULES)
    .filter((name) => name.endsWith('.yml'))
    .flatMap((name) => (parse(readFileSync(join(RULES, name), 'utf8')) as RuleFile).groups)
    .flatMap((group) => group.rules);
}

/** The metrics of Prometheus with the rules loaded: a recorded metric has the labels of its expression's result. */
export function exposedWithRules(): Map<string, ReadonlySet<string>> {
  const exposed = exposedMetrics();
  const recording = rules().filter(({ record }) => record !== undefined);
  // A recording may use another recording: as many rounds as there are recordings settle all of them.
  for (const _ of recording) {
    for (const { record = '', expr, labels = {} } of recording) {
      const made = resultLabels(expr, exposed);
      exposed.set(record, new Set([...(exposed.get(record) ?? []), ...made, ...Object.keys(labels)]));
    }
  }
  return exposed;
}
