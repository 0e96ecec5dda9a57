import { type Check, checks } from '../../doctor/check-table.js';
import { VIEWS } from '../../doctor/finding.js';

/** Lines in docs/doctor.md between which the table stands. */
const BEGIN = /^<!-- checks: begin;.*-->$/m;
const END = '<!-- checks: end -->';

/** The table of checks as Markdown, one row for each check in the order of the code, with the ids of its findings. */
export function checkTable(): string {
  const rows = (Object.entries(checks) as [string, Check][]).map(([name, check]) => {
    const ids = VIEWS.filter((view) => view in check).map((view) => `\`${view}.${name}\``);
    return `| ${ids.join(', ')} | ${check.asks} |`;
  });
  return ['| id | asks |', '| --- | --- |', ...rows].join('\n');
}

/** The document with the table put where it belongs; throws when the place is missing. */
export function withCheckTable(document: string): string {
  const begin = BEGIN.exec(document);
  const end = document.indexOf(END);
  if (begin === null || end < begin.index) throw new Error('the document has no place for the table of checks');
  const head = document.slice(0, begin.index + begin[0].length);
  return `${head}\n\n${checkTable()}\n\n${document.slice(end)}`;
}
