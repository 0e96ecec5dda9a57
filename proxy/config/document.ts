import { writeDuration } from '../values/duration.js';
import { writeSize } from '../values/size.js';
import { flagOf, type OptionRow, options, variableOf } from './options.js';

/** Lines of docs/configuration.md between which the tables stand. */
const BEGIN = '<!-- options: made by npm run generate -->\n';
const END = '<!-- end of options -->';

/** Puts the tables of the code between the marks of the document. Throws where a mark is missing. */
export function withOptionTables(document: string): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error('the document has no place for the option tables');
  return `${document.slice(0, from + BEGIN.length)}\n${optionTables()}\n${document.slice(to)}`;
}

/** The option table as Markdown, one table for each group. */
function optionTables(): string {
  const groups = new Map<string, [string, OptionRow][]>();
  for (const [key, row] of Object.entries(options)) {
    const rows = groups.get(row.group) ?? [];
    rows.push([key, row]);
    groups.set(row.group, rows);
  }
  return [...groups].map(([group, rows]) => section(group, rows)).join('\n');
}

function section(group: string, rows: readonly [string, OptionRow][]): string {
  const lines = rows.map(([key, row]) => {
    const preset = row.default ? `\`${row.default}\`` : '';
    return `| \`--${flagOf(key)}\` | \`${variableOf(key)}\` | ${kindOf(row)} | ${preset} | ${boundsOf(row)} | ${row.help} |`;
  });
  const title = `${group[0]?.toUpperCase()}${group.slice(1)}`;
  const head = '| flag | environment | kind | default | bounds | what it is |\n| --- | --- | --- | --- | --- | --- |';
  return `### ${title}\n\n${head}\n${lines.join('\n')}\n`;
}

function kindOf(row: OptionRow): string {
  return row.choices === undefined ? row.kind : row.choices.map((one) => `\`${one}\``).join(' ');
}

function boundsOf(row: OptionRow): string {
  if (row.min === undefined || row.max === undefined) return '';
  return `${written(row, row.min)} to ${written(row, row.max)}`;
}

/** Writes a number as a user would. */
function written({ kind }: OptionRow, value: number): string {
  if (kind === 'duration') return writeDuration(value);
  return kind === 'bytes' ? writeSize(value) : String(value);
}
