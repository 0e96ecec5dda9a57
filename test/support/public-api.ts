import { posix } from 'node:path';
import { textOf } from './sources.js';

/** Something that a library exports. */
export interface PublicName {
  /** The name by which users know it. */
  readonly name: string;
  /** The comment where it is defined, its stars taken away; empty where there is none. */
  readonly doc: string;
  /** Its declaration as it stands in the source; without bodies. */
  readonly code: string;
  readonly isMessage: boolean;
  /** Names that the declaration uses and that this project defines. */
  readonly uses: readonly string[];
}

/** The libraries: folders of `library/`. */
export const libraries: readonly string[] = ['control', 'peer'];

/** Everything that `library/NAME/public.ts` exports, in alphabetical order. */
export function publicNames(library: string): PublicName[] {
  const entry = `library/${library}/public.ts`;
  const lines = [...textOf(entry).matchAll(/^export (type )?\{([^}]+)\} from '([^']+)';$/gms)];
  const names = lines.flatMap(([, , list = '', from = '']) => {
    const file = posix.join(posix.dirname(entry), from).replace(/\.js$/, '.ts');
    return list
      .split(',')
      .map((word) => word.trim().replace(/^type /, ''))
      .filter((word) => word !== '')
      .map((word) => nameIn(file, word));
  });
  return names.sort((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1));
}

function nameIn(file: string, word: string): PublicName {
  const [inside = '', name = inside] = word.split(' as ');
  const text = textOf(file);
  const found = new RegExp(
    `(?:/\\*\\*((?:(?!\\*/).)*)\\*/\\n)?^export (?:async )?(function\\*?|class|interface|type|const) ${inside}\\b`,
    'ms',
  ).exec(text);
  if (found === null) throw new Error(`${file} does not define ${inside}`);
  const [whole, comment = '', kind = ''] = found;
  const doc = comment.replace(/^\s*\* ?/gm, '').trim();
  // Made from the contract, where it is checked.
  if (file.includes('/generated/')) return { name, doc, code: '', isMessage: true, uses: [] };
  const start = found.index + whole.lastIndexOf('export ');
  const code = kind === 'class' ? classIn(file, inside) : text.slice(start, endOf(text, start, kind)).trim();
  return { name, doc, code, isMessage: false, uses: usedIn(code, text, inside) };
}

/** A class as its users see it: the compiler's declaration, without what is private. */
function classIn(file: string, name: string): string {
  const text = textOf(`dist/${file.replace(/\.ts$/, '.d.ts')}`);
  const start = text.indexOf(`export declare class ${name} `);
  const code = text.slice(start, text.indexOf('\n}', start) + 2);
  return code
    .replace(/^ +(?:#private|private .*);\n/gm, '')
    .replace(/^( +)/gm, (spaces) => spaces.slice(spaces.length / 2));
}

/** Where a declaration that begins at `start` ends: a function before its body, all others after their last character. */
function endOf(text: string, start: number, kind: string): number {
  const token = /\/\*.*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|`[^`]*`|[([{)\]};]/gs;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (depth === 0 && found === '{' && kind.startsWith('function')) return match.index;
    if (depth === 0 && found === ';') return match.index + 1;
    if ('([{'.includes(found)) depth += 1;
    if (')]}'.includes(found)) depth -= 1;
    if (depth === 0 && found === '}' && kind === 'interface') return match.index + 1;
  }
  throw new Error(`a declaration does not end: ${text.slice(start, start + 60)}`);
}

/** Names in a declaration that its file defines, or imports from this project. */
function usedIn(code: string, text: string, own: string): string[] {
  const imported = [...text.matchAll(/^import (?:type )?\{([^}]+)\} from '\.[^']+';$/gms)].flatMap(([, list = '']) =>
    list.split(',').map((word) => word.trim().replace(/^type /, '')),
  );
  const defined = [...text.matchAll(/^(?:export )?(?:interface|type|class) (\w+)/gm)].map(([, name = '']) => name);
  const plain = code.replace(/\/\*.*?\*\//gs, '').replace(/'[^'\n]*'/g, '');
  const used = new Set(plain.match(/\b[A-Z]\w*/g));
  return [...new Set([...imported, ...defined])].filter((name) => used.has(name) && name !== own);
}

/** Members of an interface or class that stand without a comment. */
export function undocumentedMembers({ code }: PublicName): string[] {
  if (!/^export (?:declare )?(?:class|interface) /.test(code)) return [];
  const lines = code.split('\n');
  return lines.filter((line, at) => {
    const before = (lines[at - 1] ?? '').trim();
    return /^ {2}(?:readonly |async )?\*?\w+\??[(:<]/.test(line) && !before.endsWith('*/') && !isInherited(line);
  });
}

/** The name of an error says nothing that its class does not. */
function isInherited(line: string): boolean {
  return /^ {2}readonly name = /.test(line);
}
