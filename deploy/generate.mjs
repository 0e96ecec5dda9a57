import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseDocument, stringify } from 'yaml';
import { permissionsText, ROLES } from '../dist/proxy/cluster/nats/permissions.js';

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
console.log(`wrote ${fileURLToPath(target)}`);

// Kustomize takes no file from outside its own folder.
const files = [
  ...ROLES.map((role) => [`nats/${role}.conf`, role]),
  ['kubernetes/components/nats/founder.conf', 'founder'],
];
for (const [path, role] of files) {
  const permissions = new URL(path, import.meta.url);
  writeFileSync(permissions, permissionsText('wsp', role));
  console.log(`wrote ${fileURLToPath(permissions)}`);
}
