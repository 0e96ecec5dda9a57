import { checks } from '../../peer/check/checks.js';

/** Lines of examples/README.md between which the table stands. */
const BEGIN = '<!-- checks of a peer: made by npm run generate -->\n';
const END = '<!-- end of checks -->';

/** Puts what `ws-proxy peer check` judges between the marks of the document. Throws where a mark is missing. */
export function withPeerChecks(document: string): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error('the document has no place for the checks of a peer');
  const rows = Object.entries(checks).map(([check, wanted]) => `| \`${check}\` | ${wanted} |`);
  const table = ['| check | wanted |', '| --- | --- |', ...rows].join('\n');
  return `${document.slice(0, from + BEGIN.length)}\n${table}\n\n${document.slice(to)}`;
}
