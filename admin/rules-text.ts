import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

interface Rule {
  readonly annotations?: { readonly runbook_url: string };
}

interface Group {
  readonly rules: readonly Rule[];
}

const FILES = new URL('../../observability/rules/', import.meta.url);
/** The guide, as the rules of the project name it. */
const GUIDE = 'docs/operations.md';

/** A rule file of Prometheus with all rules. `runbooks`: the address of the guide; absent, its path in the project. */
export function prometheusRules(runbooks?: string): string {
  return textOf({ groups: groups(runbooks) });
}

/** The same as a resource of the Prometheus operator. */
export function operatorRules(runbooks?: string): string {
  return textOf({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'ws-proxy' },
    spec: { groups: groups(runbooks) },
  });
}

function groups(runbooks = GUIDE): Group[] {
  return readdirSync(fileURLToPath(FILES))
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .flatMap((name) => (parse(readFileSync(new URL(name, FILES), 'utf8')) as { readonly groups: Group[] }).groups)
    .map((group) => ({ ...group, rules: group.rules.map((rule) => led(rule, runbooks)) }));
}

function led(rule: Rule, runbooks: string): Rule {
  if (rule.annotations === undefined) return rule;
  const section = rule.annotations.runbook_url.slice(GUIDE.length);
  return { ...rule, annotations: { ...rule.annotations, runbook_url: `${runbooks}${section}` } };
}

function textOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
