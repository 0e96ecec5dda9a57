import type { DestinationStream } from 'pino';
import { clean, MAX_FIELD_CHARS } from '../../wire/safe-text.js';

/** Fields that a person at a terminal does not need; of an invocation the trace id is by what it is found again. */
const HIDDEN = new Set(['time', 'level', 'message', 'trace_id', 'span_id', 'fingerprint', 'serial']);
const COLOURS: Readonly<Record<string, string>> = { debug: '2', warn: '33', error: '31', fatal: '31' };

/** The stream to which lines for people are written. */
interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Turns the logger's JSON lines into terse ones: time of day, level, message, `name=value`. A terminal that supports colours gets them. */
export function humanStream(terminal: Terminal): DestinationStream {
  const isColoured = terminal.isTTY === true && process.env['NO_COLOR'] === undefined;
  return {
    write: (line) => {
      terminal.write(`${humanLine(line, isColoured)}\n`);
    },
  };
}

/** Makes one line for people; a line that is not a JSON object is shown as it is, made safe for a terminal. */
export function humanLine(line: string, isColoured: boolean): string {
  const fields = parse(line);
  if (fields === undefined) return clean(line, MAX_FIELD_CHARS * 4);
  const level = String(fields['level'] ?? '');
  const rest = Object.entries(fields).filter(
    ([name, value]) =>
      (!HIDDEN.has(name) || (name === 'trace_id' && 'outcome' in fields)) && value !== '' && value !== undefined,
  );
  const words = rest.map(([name, value]) => `${name}=${shown(value)}`);
  const text = [
    String(fields['time'] ?? '').slice(11, 23),
    level.toUpperCase().padEnd(5),
    clean(String(fields['message'] ?? '')),
    ...words,
  ].join(' ');
  const colour = COLOURS[level];
  return isColoured && colour !== undefined ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

function shown(value: unknown): string {
  const text = clean(typeof value === 'string' ? value : JSON.stringify(value), MAX_FIELD_CHARS * 4);
  return /[\s"=]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
