import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { operatorRules } from '../../dist/admin/rules-text.js';
import { permissionsText } from '../../dist/proxy/cluster/nats/permissions.js';
import { valuesSchema } from './values-schema.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const chart = join(root, 'deploy/helm/ws-proxy');
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

/** Writes what the chart has of other folders: Helm takes no file from outside a chart. */
export function writeChart() {
  rmSync(join(chart, 'files'), { recursive: true, force: true });
  for (const [name, text] of Object.entries(filesOfChart())) {
    const path = join(chart, 'files', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const schema = join(chart, 'values.schema.json');
  const values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'), { merge: true });
  writeFileSync(schema, `${JSON.stringify(valuesSchema(values), null, 2)}\n`);
  execFileSync(process.execPath, [biome, 'format', '--write', schema], { stdio: 'inherit' });
  console.log(`wrote ${chart}`);
}

function filesOfChart() {
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const dashboards = readdirSync(join(root, 'observability/dashboards'));
  const [, groups] = operatorRules().split(/^spec:\n/m);
  return {
    'ws-proxy.yaml': read('deploy/container/ws-proxy.yaml'),
    'nats.conf': read('deploy/kubernetes/components/nats/nats.conf'),
    'founder.conf': permissionsText('wsp', 'founder'),
    'rules.yaml': groups.replaceAll(/^ {2}/gm, ''),
    ...Object.fromEntries(dashboards.map((name) => [`dashboards/${name}`, read(`observability/dashboards/${name}`)])),
  };
}
