import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseDocument, stringify } from 'yaml';

// The alerts for the Prometheus operator are those of observability/rules: written here, so that there is one place to change.
const rules = new URL('../observability/rules/', import.meta.url);
const target = new URL('kubernetes/components/monitoring/prometheus-rule.yaml', import.meta.url);

const names = readdirSync(rules)
  .filter((name) => name.endsWith('.yml'))
  .sort();
const groups = names.flatMap((name) => parseDocument(readFileSync(new URL(name, rules), 'utf8')).toJS().groups);
const resource = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'ws-proxy' },
  spec: { groups },
};
writeFileSync(
  target,
  `# Made from observability/rules by npm run generate.\n${stringify(resource, { lineWidth: 0, aliasDuplicateObjects: false })}`,
);
