import { outcomes } from '../wire/invocation.js';
import { spanAttributes } from './calls/span-attributes.js';
import { type MetricName, type MetricRow, metricTable, rowOf } from './metrics/metric-table.js';
import { prometheusName } from './metrics/prometheus.js';

/** Most label values that a table in a document lists. Of a longer list the table names a few, so that it need not change with it. */
const MAX_LISTED = 12;
const FEW = 3;

/** The tables of a document, by the name of the section that they fill. */
export function referenceTables(): Readonly<Record<string, string>> {
  return { metrics: metricsTable(), attributes: attributesTable(), outcomes: outcomesTable() };
}

/** The text with the lines between `<!-- begin NAME -->` and `<!-- end NAME -->` replaced by the tables. Throws where a mark is missing. */
export function withReference(text: string): string {
  let filled = text;
  for (const [name, table] of Object.entries(referenceTables())) {
    const begin = `<!-- begin ${name} -->\n`;
    const from = filled.indexOf(begin);
    const to = filled.indexOf(`<!-- end ${name} -->`);
    if (from < 0 || to < from)
      throw new Error(`the marks "begin ${name}" and "end ${name}" are not there, in this order`);
    filled = `${filled.slice(0, from + begin.length)}\n${table}\n${filled.slice(to)}`;
  }
  return filled;
}

function metricsTable(): string {
  const rows = (Object.keys(metricTable) as MetricName[]).map((name) => {
    const row = rowOf(name);
    return [`\`${name}\``, `\`${prometheusName(name, row)}\``, row.kind, `\`${row.unit}\``, row.help, labelsOf(row)];
  });
  return table(['OpenTelemetry', 'Prometheus', 'kind', 'unit', 'what it is', 'labels'], rows);
}

function labelsOf({ labels }: MetricRow): string {
  const parts = Object.entries(labels ?? {}).map(([label, values]) => {
    if (typeof values === 'string') return `\`${label}\`: ${values}`;
    const isLong = values.length > MAX_LISTED;
    const listed = values.slice(0, isLong ? FEW : MAX_LISTED).map((value) => `\`${value}\``);
    return `\`${label}\`: ${listed.join(' ')}${isLong ? ' …' : ''}`;
  });
  return parts.join('<br>');
}

function attributesTable(): string {
  const rows = Object.entries(spanAttributes).map(([name, { on, help }]) => [`\`${name}\``, on, help]);
  return table(['attribute', 'on', 'what it is'], rows);
}

function outcomesTable(): string {
  const rows = Object.entries(outcomes).map(([name, { timed, meaning }]) => [
    `\`${name}\``,
    timed ? 'yes' : 'no',
    meaning,
  ]);
  return table(['outcome', 'in http.server.request.duration', 'when'], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(heads) + line(heads.map(() => '---')) + rows.map(line).join('');
}
