import { median } from '../rounds.js';
import { digits } from '../row.js';
import type { RivalFigure } from './figures.js';
import type { Visit } from './visit.js';

/** A contender's column: its head, and what its visits found. The first column is ours. */
export interface Column {
  readonly title: string;
  readonly visits: readonly Visit[];
}

/** The table in Markdown, as docs/comparison.md has it: a row's least number is bold, in brackets is how many of ours it is. */
export function rivalsTable(figures: readonly RivalFigure[], columns: readonly Column[]): string {
  const lines = [['', ...columns.map(({ title }) => title)], columns.map(() => '---').concat('---')];
  for (const figure of figures) lines.push([figure.what, ...cellsOf(medians(figure, columns))]);
  return lines.map((cells) => `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`).join('\n');
}

function medians({ of }: RivalFigure, columns: readonly Column[]): readonly (number | undefined)[] {
  return columns.map(({ visits }) => {
    const values = visits.map(of).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : median(values);
  });
}

function cellsOf(values: readonly (number | undefined)[]): readonly string[] {
  const [ours] = values;
  const least = Math.min(...values.filter((value) => value !== undefined));
  return values.map((value, at) => {
    if (value === undefined) return '';
    const number = value === least ? `**${digits(value)}**` : digits(value);
    return at === 0 || ours === undefined ? number : `${number} (${ratioText(value / ours)})`;
  });
}

function ratioText(ratio: number): string {
  return ratio < 10 ? ratio.toPrecision(2) : ratio.toFixed(0);
}
