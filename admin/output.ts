import { type Command, Option } from 'commander';
import { jsonText } from '../proxy/wire/json-text.js';
import { safe } from '../proxy/wire/safe-text.js';
import { jsonForm } from './json-form.js';
import type { Terminal } from './terminal.js';
import { yamlText } from './yaml-text.js';

/** Forms of an answer. */
export type Form = 'table' | 'plain' | 'json' | 'yaml';

export interface OutputFlags {
  readonly output?: Form;
}

/** Adds `-o`. `more`: forms that this command has besides. */
export function withOutput(command: Command, ...more: readonly string[]): Command {
  const forms = ['table', ...more, 'plain', 'json', 'yaml'];
  const preset = 'table on a terminal, plain (columns with a tab between, nothing cut) elsewhere';
  return command.addOption(new Option('-o, --output <form>', `form of the answer (default: ${preset})`).choices(forms));
}

export function formOf(flags: OutputFlags, io: Terminal): Form {
  return flags.output ?? (io.columns === undefined ? 'plain' : 'table');
}

/** One column of a listing. */
export interface Column<Row> {
  readonly title: string;
  /** For programs: whole, in plain units. */
  plain(row: Row): string;
  /** For people, where that differs. */
  pretty?(row: Row): string;
  readonly right?: boolean;
}

/** A listing in columns: aligned for people, else with tabs. Ends with a newline. */
export function columns<Row>(rows: readonly Row[], of: readonly Column<Row>[], form: 'table' | 'plain'): string {
  const lines = [of.map(({ title }) => title), ...rows.map((row) => of.map((column) => cell(column, row, form)))];
  if (form === 'plain') return lines.map((line) => `${line.join('\t')}\n`).join('');
  const widths = of.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const pad = (text: string, at: number): string =>
    of[at]?.right === true ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0);
  return lines.map((line) => `${line.map(pad).join('  ').trimEnd()}\n`).join('');
}

/** One thing in rows `name  value`. Ends with a newline. */
export function properties(rows: readonly (readonly [string, string])[], form: 'table' | 'plain'): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const between = (name: string): string => (form === 'plain' ? `${name}\t` : `${name.padEnd(width)}  `);
  return rows.map(([name, value]) => `${between(name)}${safe(value)}\n`).join('');
}

/** An answer of the contract as JSON or YAML. Ends with a newline. */
export function documentOf(answer: object, form: 'json' | 'yaml'): string {
  const value = jsonForm(answer);
  return form === 'json' ? `${jsonText(value, 2)}\n` : yamlText(value);
}

/** One message of a stream: a JSON line, or a YAML document. */
export function streamItem(message: object, form: 'json' | 'yaml'): string {
  const value = jsonForm(message);
  return form === 'json' ? `${jsonText(value)}\n` : `---\n${yamlText(value)}`;
}

/** Cuts lines to the terminal's width, columns. */
export function cutLines(text: string, width: number): string {
  const cut = (line: string): string =>
    line.length > width ? `${line.slice(0, width - 1).replace(HALF_A_PAIR, '')}…` : line;
  return text.split('\n').map(cut).join('\n');
}

/** The half of a character outside the basic plane that a cut can leave. */
const HALF_A_PAIR = /[\ud800-\udbff]$/;

function cell<Row>(column: Column<Row>, row: Row, form: 'table' | 'plain'): string {
  const text = form === 'table' && column.pretty !== undefined ? column.pretty(row) : column.plain(row);
  return text === '' ? '-' : safe(text);
}
