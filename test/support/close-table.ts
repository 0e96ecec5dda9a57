import { endings, type Label } from '../../proxy/wire/close.js';
import { withPart } from './marked-part.js';

/** A row with all members that documents show; the table itself leaves out the members that a row does not need. */
interface LabelRow {
  readonly status?: number;
  readonly code?: number;
  readonly text: string;
  readonly retry: string;
  readonly retryAfter?: number;
  readonly meaning: string;
}

/** The close table as Markdown, columns padded, one row for each label in the order of the code. */
export function closeTable(): string {
  const head = ['label', 'status', 'code', 'text', 'retry', 'Retry-After', 'when'];
  const rows = (Object.keys(endings) as Label[]).map((label) => cells(label, endings[label]));
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function cells(label: Label, row: LabelRow): string[] {
  const seconds = row.retryAfter === undefined ? '' : `${row.retryAfter} s`;
  return [`\`${label}\``, `${row.status ?? ''}`, `${row.code ?? ''}`, row.text, row.retry, seconds, row.meaning];
}

/** The document with the table put where it belongs; throws when the place is missing. */
export function withCloseTable(document: string): string {
  return withPart(document, 'endings', closeTable());
}
