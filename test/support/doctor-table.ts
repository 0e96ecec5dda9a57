import { type Check, checks } from '../../doctor/check-table.js';
import { VIEWS } from '../../doctor/finding.js';
import { withPart } from './marked-part.js';

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
  return withPart(document, 'checks', checkTable());
}
