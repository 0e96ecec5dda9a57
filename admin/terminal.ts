/** What a command writes to; a test gives its own. */
export interface Terminal {
  out(text: string): void;
  /** For notes and progress, which are no part of the answer. */
  note(text: string): void;
  /** Width in columns; undefined when the output is no terminal. */
  readonly columns: number | undefined;
  readonly rows: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The process's own. */
export const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
  get columns() {
    return process.stdout.isTTY ? process.stdout.columns : undefined;
  },
  get rows() {
    return process.stdout.rows ?? 24;
  },
  environment: process.env,
};

/** Text from elsewhere, made safe to show: what a peer claims must not steer a terminal. */
export function safe(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
