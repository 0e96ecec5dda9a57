/** Shapes of charts as SVG paths, in a box of `COLUMNS` × 100 units with its origin at the top left. */
import { COLUMNS } from './series.js';

export const HEIGHT = 100;
/** Empty space between two bars, in units of a column. */
const GAP = 0.25;

/** Bars that stand on `base`; both lists are in units of the value, `limit` is the top. The last is at the right end. */
export function bars(values: readonly number[], base: readonly number[], limit: number): string {
  const shift = COLUMNS - values.length;
  return values
    .map((value, i) => {
      if (!(value > 0)) return '';
      const bottom = yOf(base[i] ?? 0, limit);
      const top = yOf((base[i] ?? 0) + value, limit);
      return `M${i + shift + GAP / 2} ${bottom}V${top}h${1 - GAP}V${bottom}Z`;
    })
    .join('');
}

/** A line with a step for each value; where there is none it is broken. */
export function steps(values: readonly (number | undefined)[], limit: number): string {
  const shift = COLUMNS - values.length;
  let isDrawing = false;
  return values
    .map((value, i) => {
      if (value === undefined) {
        isDrawing = false;
        return '';
      }
      const y = yOf(value, limit);
      const piece = isDrawing ? `V${y}H${i + shift + 1}` : `M${i + shift} ${y}H${i + shift + 1}`;
      isDrawing = true;
      return piece;
    })
    .join('');
}

function yOf(value: number, limit: number): number {
  return Math.round((HEIGHT - (Math.min(value, limit) / limit) * HEIGHT) * 100) / 100;
}
