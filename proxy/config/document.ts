import { flagOf, type OptionRow, options, variableOf } from './options.js';

const BEGIN = '<!-- options: made by npm run generate -->\n';
const END = '<!-- end of options -->';

/** The page with the option tables between its markers replaced by those of the code. Throws when the markers are not there. */
export function withOptionTables(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page has no ${BEGIN.trim()} with ${END} after it`);
  return `${page.slice(0, begin)}${BEGIN}\n${optionTables()}\n${page.slice(end)}`;
}

/** The option table as Markdown, one table a group. */
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
    const preset = row.default === undefined ? '' : `\`${row.default}\``;
    return `| \`--${flagOf(key)}\` | \`${variableOf(key)}\` | ${kindOf(row)} | ${preset} | ${row.help} |`;
  });
  const title = `${group[0]?.toUpperCase()}${group.slice(1)}`;
  return `### ${title}\n\n| flag | environment | kind | default | what it is |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}

function kindOf(row: OptionRow): string {
  return row.choices === undefined ? row.kind : row.choices.map((one) => `\`${one}\``).join(' ');
}
