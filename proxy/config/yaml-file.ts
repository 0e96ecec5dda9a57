import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { countItems, MAX_FAULTS, MAX_ITEMS, repeatedKeys } from '../policy/rules/yaml-document.js';

/** Largest configuration file, in characters. */
const MAX_FILE_CHARS = 256 * 1024;

/** One entry of the file, or one fault; places are `file:line:column: key`. */
export type YamlEntry =
  | { readonly flag: string; readonly text: string; readonly isList: boolean; readonly place: string }
  | { readonly fault: string };

/** Reads a YAML file of options: one mapping of texts, numbers, flags, and lists of texts. Throws nothing. */
export function readYaml(name: string, text: string): readonly YamlEntry[] {
  if (text.length > MAX_FILE_CHARS) return [{ fault: `${name}: it is longer than ${MAX_FILE_CHARS} characters` }];
  const lines = new LineCounter();
  if (countItems(text) > MAX_ITEMS) return [{ fault: `${name}: it has more than ${MAX_ITEMS} lines and entries` }];
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const faults = document.errors
    .slice(0, MAX_FAULTS)
    .map(({ pos, message }) => ({ fault: `${at(pos[0])}: ${wordsOf(message)}` }));
  visit(document, {
    Map: (_, map) => {
      for (const again of repeatedKeys(map)) faults.push({ fault: `${at(again)}: Map keys must be unique` });
      return faults.length >= MAX_FAULTS ? visit.BREAK : undefined;
    },
    Alias: (_, alias) => {
      faults.push({ fault: `${at(alias.range?.[0] ?? 0)}: aliases are not read: write the value itself` });
    },
  });
  return faults.length > 0 ? faults : entriesOf(document, at, name);
}

/** Cuts the place off a message of the library, because our own line already begins with the place. */
function wordsOf(message: string): string {
  return (message.split('\n', 1)[0] ?? '').replace(/ at line \d+, column \d+:$/, '');
}

function entriesOf(document: Document, at: (offset: number) => string, name: string): readonly YamlEntry[] {
  const root: unknown = document.toJS();
  if (root === undefined || root === null) return [];
  if (typeof root !== 'object' || Array.isArray(root))
    return [{ fault: `${name}:1:1: a mapping of options is needed` }];
  return Object.entries(root).map(([flag, value]) => {
    const start = (document.get(flag, true) as { range?: readonly number[] } | undefined)?.range?.[0];
    return entryOf(flag, value, `${start === undefined ? name : at(start)}: ${flag}`);
  });
}

function entryOf(flag: string, value: unknown, place: string): YamlEntry {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return { flag, text: value.join(','), isList: true, place };
  }
  if (typeof value === 'object' && value !== null) return { fault: `${place}: one value is needed` };
  return { flag, text: value === null ? '' : String(value), isList: false, place };
}
