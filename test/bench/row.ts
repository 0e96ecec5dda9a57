/** One line of the table. */
export interface FigureRow {
  readonly what: string;
  readonly value: number;
  /** Empty for a ratio. */
  readonly unit: string;
  /** Absent where a figure has no target. */
  readonly target?: FigureTarget;
  /** The basis of the figure: both sides' absolute values, the spread of the rounds. */
  readonly detail: string;
}

export interface FigureTarget {
  readonly atMost?: number;
  readonly atLeast?: number;
}

export function isMet({ value, target }: FigureRow): boolean | undefined {
  if (target === undefined) return undefined;
  return value <= (target.atMost ?? Infinity) && value >= (target.atLeast ?? -Infinity);
}

/** A number with three significant digits, whole from 100 on. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
