/** The outputs of a command; a test gives its own. */
export interface Terminal {
  out(text: string): void;
  /** For notes and progress, which are no part of the answer. */
  note(text: string): void;
  /** Width in columns, infinite when the terminal does not know it; undefined when the output is no terminal. */
  readonly columns: number | undefined;
  readonly rows: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The process's own. */
export const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
  get columns() {
    return process.stdout.isTTY ? widthOf(process.stdout.columns) : undefined;
  },
  get rows() {
    return heightOf(process.stdout.rows);
  },
  environment: process.env,
};

/** Fewest columns and rows that are believed: a serial line or a terminal in the making says 0, or 1. */
const LEAST = { columns: 20, rows: 4 };
const USUAL_ROWS = 24;

/** The width that a terminal reports, in columns; infinite, so that nothing is cut, when that cannot be. */
export function widthOf(columns: number | undefined): number {
  return columns !== undefined && columns >= LEAST.columns ? columns : Number.POSITIVE_INFINITY;
}

/** The height that a terminal reports, in rows; the usual 24 when that cannot be. */
export function heightOf(rows: number | undefined): number {
  return rows !== undefined && rows >= LEAST.rows ? rows : USUAL_ROWS;
}
