import { explained } from './autobahn-table.js';
import { lenient } from './h2-table.js';

/** The tables of docs/conformance.md, by the name of the section that they fill. */
const tables: Readonly<Record<string, () => string>> = {
  autobahn: () =>
    table(
      ['cases', 'verdict', 'why'],
      explained.map(({ cases, behavior, mayBeOk, why }) => [
        cases.join(' '),
        mayBeOk ? `${behavior} or OK` : behavior,
        why,
      ]),
    ),
  h2spec: () =>
    table(
      ['cases', 'why'],
      lenient.map(({ cases, why }) => [cases.join(' '), why]),
    ),
};

/** The text with the lines between `<!-- begin NAME -->` and `<!-- end NAME -->` replaced by the tables. Throws where a mark is missing. */
export function withConformanceTables(text: string): string {
  let filled = text;
  for (const [name, make] of Object.entries(tables)) {
    const begin = `<!-- begin ${name} -->\n`;
    const from = filled.indexOf(begin);
    const to = filled.indexOf(`<!-- end ${name} -->`);
    if (from < 0 || to < from)
      throw new Error(`the marks "begin ${name}" and "end ${name}" are not there, in this order`);
    filled = `${filled.slice(0, from + begin.length)}\n${make()}\n${filled.slice(to)}`;
  }
  return filled;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(heads) + line(heads.map(() => '---')) + rows.map(line).join('');
}
