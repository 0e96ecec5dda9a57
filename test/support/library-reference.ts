import { type PublicName, publicNames } from './public-api.js';

/** The line of a library's README below which everything is made. */
const MARK = '<!-- made by npm run generate: everything below -->\n';

/** Puts what a library exports below the mark of its README. */
export function withLibraryReference(library: string): (document: string) => string {
  return (document) => {
    const at = document.indexOf(MARK);
    if (at < 0) throw new Error('the document has no place for what the library exports');
    return `${document.slice(0, at + MARK.length)}\n${reference(library)}`;
  };
}

function reference(library: string): string {
  const names = publicNames(library);
  const known = new Set(names.filter(({ isMessage }) => !isMessage).map(({ name }) => name));
  const sections = names.filter(({ isMessage }) => !isMessage).map((name) => section(name, known));
  return [...sections, ...messages(names.filter(({ isMessage }) => isMessage))].join('\n');
}

function section({ name, doc, code }: PublicName, known: ReadonlySet<string>): string {
  return `### ${name}\n\n${prose(doc, known)}\n\n\`\`\`ts\n${shown(code)}\n\`\`\`\n`;
}

/** A declaration as users know it: messages have the names of the contract there. */
function shown(code: string): string {
  return code.replace(/^export (?:declare )?/, '').replaceAll('__Output', '');
}

function messages(names: readonly PublicName[]): string[] {
  if (names.length === 0) return [];
  const rows = names.map(
    ({ name, doc }) => `| \`${name}\` | ${prose(doc, new Set()).replaceAll('\n', ' ').replaceAll('|', '\\|')} |`,
  );
  return [`### Messages of the contract\n\n| type | what it is |\n| --- | --- |\n${rows.join('\n')}\n`];
}

/** A comment as Markdown: a paragraph, and a list of its tags. */
function prose(doc: string, known: ReadonlySet<string>): string {
  const linked = doc.replace(/\{@link (\w+)\}/g, (_, name: string) =>
    known.has(name) ? `[\`${name}\`](#${name.toLowerCase()})` : `\`${name}\``,
  );
  const [text = '', ...tags] = linked.split(/^@/m);
  const items = tags.map(
    (tag) =>
      `- ${tag
        .trim()
        .replace(/^throws /, 'Throws ')
        .replace(/^param (\w+)/, '`$1`:')}`,
  );
  return [text.trim(), ...(items.length > 0 ? [items.join('\n')] : [])].join('\n\n');
}
