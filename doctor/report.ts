import { jsonText } from '../proxy/wire/json-text.js';
import { safe } from '../proxy/wire/safe-text.js';
import type { Finding, Status } from './finding.js';

/** The looks from one view, and their findings. */
export interface Section {
  /** The view and what it looks at, in lines. */
  readonly title: readonly string[];
  readonly findings: readonly Finding[];
}

/** Columns of the text form. */
const WIDTH = 80;
const STATUS_WIDTH = 13;
const NAME_WIDTH = 20;
const INDENT = '       ';

const WORDS: Readonly<Record<Status, string>> = {
  ok: 'ok',
  warning: 'warning',
  fault: 'FAULT',
  not_checked: 'not checked',
};

/** The report for people, in 80 columns but for words that are longer. Ends with a newline. */
export function reportText(sections: readonly Section[]): string {
  const parts = sections.map(({ title, findings }) =>
    [...title.map(safe), ...findings.flatMap(linesOf), ''].join('\n'),
  );
  return `${parts.join('\n')}\n${summaryText(countOf(sections))}\n`;
}

/** For programs. Ends with a newline. */
export function reportJson(sections: readonly Section[], version: string, now: number): string {
  const findings = sections.flatMap((section) => section.findings.map(jsonOf));
  const looked = sections.map(({ title }) => title.join('; '));
  const time = new Date(now).toISOString();
  return `${jsonText({ version, time, looked, summary: countOf(sections), findings }, 2)}\n`;
}

/** How many findings are of each kind. */
export function countOf(sections: readonly Section[]): Readonly<Record<Status, number>> {
  const count = { fault: 0, warning: 0, not_checked: 0, ok: 0 };
  for (const { findings } of sections) for (const { status } of findings) count[status] += 1;
  return count;
}

function linesOf(finding: Finding): string[] {
  const head = `  ${WORDS[finding.status].padEnd(STATUS_WIDTH)}${finding.check.padEnd(NAME_WIDTH)}`;
  const what = wrapped(finding.what, head, ' '.repeat(head.length));
  if (finding.status !== 'warning' && finding.status !== 'fault') return what;
  return [
    ...what,
    ...wrapped(finding.why, `${INDENT}why  `, `${INDENT}     `),
    ...wrapped(finding.todo, `${INDENT}do   `, `${INDENT}     `),
  ];
}

function wrapped(text: string, first: string, next: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of safe(text).split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = next;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

function summaryText(count: Readonly<Record<Status, number>>): string {
  const told = (['fault', 'warning', 'not_checked', 'ok'] as const).map((status) => {
    const plural = (status === 'fault' || status === 'warning') && count[status] !== 1 ? 's' : '';
    return `${count[status]} ${status.replace('_', ' ')}${plural}`;
  });
  return told.join(', ');
}

function jsonOf(finding: Finding): object {
  const { id, view, check, status, what } = finding;
  const more = finding.status === 'warning' || finding.status === 'fault' ? { why: finding.why, do: finding.todo } : {};
  return { id, view, check, status, what, ...more };
}
