import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import type { Costs } from '../../bench/costs.js';
import { plot } from './plot.js';
import { digits, type FigureRow, isMet } from './row.js';
import type { Curve } from './scenario.js';

export interface Report {
  readonly rows: readonly FigureRow[];
  /** The measurements of each scenario, by its name. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly curves: readonly Curve[];
  /** Parts of documents by the scenario that made them. */
  readonly documents: Readonly<Record<string, string>>;
  /** Absent where the costs were not measured. */
  readonly costs?: Costs;
}

/**
 * Writes `result.json`, a file for each part of a document, `costs.json` where costs were measured, and `latency.svg` where latency against load
 * was; returns the files.
 */
export async function save(dir: string, report: Report): Promise<readonly string[]> {
  await mkdir(dir, { recursive: true });
  const json = join(dir, 'result.json');
  const machine = { cpus: cpus().map(({ model }) => model), kernel: release(), node: process.version };
  const rows = report.rows.map((row) => ({ ...row, met: isMet(row) }));
  const result = { time: new Date().toISOString(), machine, rows, data: report.data };
  await writeFile(json, `${JSON.stringify(result, null, 2)}\n`);
  const files = [json];
  for (const [name, text] of Object.entries(report.documents)) {
    const file = join(dir, `${name}.md`);
    await writeFile(file, `${text}\n`);
    files.push(file);
  }
  if (report.costs !== undefined) {
    const costs = join(dir, 'costs.json');
    await writeFile(costs, `${JSON.stringify(report.costs, null, 2)}\n`);
    files.push(costs);
  }
  if (report.curves.length === 0) return files;
  const svg = join(dir, 'latency.svg');
  await writeFile(svg, plot(report.curves));
  return [...files, svg];
}

/** Writes the table as lines of text. */
export function table(rows: readonly FigureRow[]): string {
  const cells = rows.map((row) => [
    row.what,
    `${digits(row.value)}${row.unit === '' ? '' : ` ${row.unit}`}`,
    targetText(row),
    { true: 'met', false: 'NOT MET', undefined: '' }[String(isMet(row)) as 'true' | 'false' | 'undefined'],
    row.detail,
  ]);
  const lines = [['what', 'result', 'target', '', 'of which'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function targetText({ target }: FigureRow): string {
  if (target?.atMost !== undefined) return `≤ ${target.atMost}`;
  return target?.atLeast === undefined ? '' : `≥ ${target.atLeast}`;
}
