import { flagOf, type OptionRow, options, variableOf } from './options.js';

/** The option table as Markdown, one table a group; docs/configuration.md holds it between its markers. */
export function optionTables(): string {
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
    const preset = row.default === undefined ? '' : `\`${row.default}\``;
    return `| \`--${flagOf(key)}\` | \`${variableOf(key)}\` | ${kindOf(row)} | ${preset} | ${row.help} |`;
  });
  const title = `${group[0]?.toUpperCase()}${group.slice(1)}`;
  return `### ${title}\n\n| flag | environment | kind | default | what it is |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}

function kindOf(row: OptionRow): string {
  return row.choices === undefined ? row.kind : row.choices.map((one) => `\`${one}\``).join(' ');
}
