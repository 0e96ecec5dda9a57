import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { z } from 'zod';

/** A fault in a file: its place (line and column from 1) and what is wrong. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The path to a value: keys and list positions, in zod's form. */
export type Path = readonly PropertyKey[];

export type DocumentReading<T> =
  | {
      readonly ok: T;
      /** Makes a fault at the place of `path`. */
      readonly fault: (path: Path, message: string) => Fault;
    }
  | { readonly faults: readonly Fault[] };

/** Most faults of one file that are reported. */
export const MAX_FAULTS = 20;
/** Deepest nesting of lists and maps. */
const MAX_DEPTH = 100;
/** Most items of a file: lines, and entries of lists and maps on one line. Reading takes time for each item, even when all are empty. */
export const MAX_ITEMS = 200_000;

/**
 * Reads a YAML file against a schema; every fault has its place. It takes the YAML that a person writes: no anchors, no tags, no
 * repeated keys, no second document. Throws nothing.
 */
export function readYaml<T>(text: string, schema: z.ZodType<T>): DocumentReading<T> {
  const lines = new LineCounter();
  const at = (offset: number, message: string): Fault => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  if (isTooDeep(text)) return { faults: [at(0, `nested more than ${MAX_DEPTH} levels deep`)] };
  if (countItems(text) > MAX_ITEMS) return { faults: [at(0, `more than ${MAX_ITEMS} lines and entries`)] };
  // The library's own `uniqueKeys` compares each key with every other: 40,000 keys took 18 s.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: true,
  });
  const faults = [...document.errors, ...document.warnings]
    .slice(0, MAX_FAULTS)
    .map((one) => at(one.pos[0], yamlMessage(one)));
  visit(document, (_key, node) => {
    if (isMap(node)) for (const again of repeatedKeys(node)) faults.push(at(again, 'Map keys must be unique'));
    if (faults.length >= MAX_FAULTS) return visit.BREAK;
    if (isAlias(node) || (isNode(node) && 'anchor' in node && node.anchor !== undefined)) {
      faults.push(at(node.range?.[0] ?? 0, 'anchors and aliases are not read: write the value out'));
      return visit.BREAK;
    }
    return undefined;
  });
  if (faults.length > 0) return { faults: faults.slice(0, MAX_FAULTS) };

  const fault = (path: Path, message: string): Fault => at(offsetOf(document, path), sentence(path, message));
  const checked = schema.safeParse(document.toJS());
  if (checked.success) return { ok: checked.data, fault };
  const told = checked.error.issues.flatMap((issue) => flatten(issue, []));
  return { faults: told.slice(0, MAX_FAULTS).map((one) => fault(one.path, one.message)) };
}

/** The offset of each key that repeats an earlier key of the map. */
export function repeatedKeys(map: YAMLMap): readonly number[] {
  const seen = new Set<unknown>();
  return map.items.flatMap(({ key }) => {
    const value = isScalar(key) ? key.value : key;
    const isNew = !seen.has(value);
    seen.add(value);
    return isNew || !isNode(key) ? [] : [key.range?.[0] ?? 0];
  });
}

/** Counts lines, and the commas, colons and brackets that may begin an entry; characters inside texts count too. */
export function countItems(text: string): number {
  let items = 0;
  for (const _ of text.matchAll(/[\n\r,[{]|:(?=\s)/g)) items += 1;
  return items;
}

/** `file:line:column: message`, one line for each fault. */
export function describeFaults(file: string, faults: readonly Fault[]): string {
  return faults.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n');
}

/**
 * Whether a file nests too deep. It is checked before parsing, which takes seconds for a file of brackets. Brackets in quotes count
 * too: nobody writes so many.
 */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[{\]}]|(?:^|[\n ])(?:[-?] +)+/g)) {
    if (bracket === '[' || bracket === '{') depth += 1;
    else if (bracket === ']' || bracket === '}') depth = Math.max(0, depth - 1);
    else deepest = Math.max(deepest, bracket.replaceAll(' ', '').length);
    deepest = Math.max(deepest, depth);
  }
  return deepest > MAX_DEPTH;
}

function yamlMessage({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document starts here: one file holds one';
  return message;
}

function sentence(path: Path, message: string): string {
  const where = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return where === '' ? message : `${where.replace(/^\./, '')}: ${message}`;
}

/** The offset of the value, or of its key, or of the nearest existing value around it. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const around = document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const own = length === 0 ? document.contents : keyIn(around, key);
    const offset = own?.range?.[0];
    if (offset !== undefined) return offset;
  }
  return 0;
}

function keyIn(around: unknown, key: PropertyKey | undefined): Node | undefined {
  if (isMap<Node, Node>(around)) return around.items.find((pair) => String(pair.key) === key)?.key;
  if (!isNode(around) || !('items' in around) || !Array.isArray(around.items)) return undefined;
  const item: unknown = around.items[Number(key)];
  return isNode(item) ? item : undefined;
}

interface PathFault {
  readonly path: Path;
  readonly message: string;
}

function flatten(issue: z.core.$ZodIssue, base: Path): PathFault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a known key here' }));
  }
  if (issue.code === 'invalid_key') return issue.issues.flatMap((one) => flatten(one, path));
  if (issue.code !== 'invalid_union') return [{ path, message: worded(issue.message) }];
  const deeper = issue.errors.find((issues) => issues.some((one) => !isOfAnotherKind(one)));
  if (deeper !== undefined) return deeper.flatMap((one) => flatten(one, path));
  const messages = issue.errors.flatMap((issues) => issues.flatMap((one) => flatten(one, path)));
  return [{ path, message: [...new Set(messages.map((one) => one.message))].join(', or ') }];
}

/** True when the issue shows that the author did not mean this alternative. */
function isOfAnotherKind(issue: z.core.$ZodIssue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((issues) => issues.every(isOfAnotherKind));
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function worded(message: string): string {
  const plain = message.replace(/^Invalid (?:input|option): /, '');
  if (/^expected string, received (?:number|boolean|null)/.test(plain)) return `${plain}: put it in quotes`;
  return plain.replace(/, received undefined$/, ', and it is missing');
}
