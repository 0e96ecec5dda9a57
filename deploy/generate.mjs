import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { operatorRules } from '../dist/admin/rules-text.js';
import { permissionsText, ROLES } from '../dist/proxy/cluster/nats/permissions.js';
import { writeChart } from './helm/chart-files.mjs';

// The alerts for the Prometheus operator are those of observability/rules: written here, so that there is one place to change.
const target = new URL('kubernetes/components/monitoring/prometheus-rule.yaml', import.meta.url);
writeFileSync(target, `# Made from observability/rules by npm run generate.\n${operatorRules()}`);
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

writeChart();
