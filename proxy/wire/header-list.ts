import { asciiPattern, isAt } from './ascii-pattern.js';
import { endOfString, NOWHERE, skipSpace, skipValue, valueAt } from './json-bytes.js';

/** The value of one header in a headers list, `{"name": …, "value": …}`, as a range of bytes in the message. */
export interface HeaderRange {
  /** The name in lower case. */
  readonly name: string;
  /** First byte of the value. */
  readonly start: number;
  /** The byte after the last byte of the value. */
  readonly end: number;
}

/** Most elements of a headers list that are looked at; a longer list counts as unreadable. */
export const MAX_HEADERS = 128;
/** Longest name of a header, as JSON text, in bytes; a longer name is none of the wanted names. */
const MAX_NAME_BYTES = 128;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NAME = asciiPattern('"name"');
const VALUE = asciiPattern('"value"');

/**
 * Finds the values of the wanted headers in a list `[{"name": …, "value": …}, …]`; names are compared without case. Returns undefined
 * for a list that cannot be read for certain: it is no list, an element is no object, an element has a member twice or under an escaped
 * name, or the list has more elements than the bound. Wanted names are ASCII in lower case.
 */
export function findHeaders(data: Buffer, start: number, wanted: readonly string[]): HeaderRange[] | undefined {
  if (data[start] !== 0x5b) return undefined;
  const found: HeaderRange[] = [];
  let i = skipSpace(data, start + 1);
  if (data[i] === 0x5d) return found;
  for (let count = 0; count < MAX_HEADERS; count += 1) {
    const element = readElement(data, i);
    if (element === undefined) return undefined;
    const header = headerOf(data, element, wanted);
    if (header !== undefined) found.push(header);
    i = skipSpace(data, element.end);
    if (data[i] === 0x5d) return found;
    if (data[i] !== 0x2c) return undefined;
    i = skipSpace(data, i + 1);
  }
  return undefined;
}

/** The positions of one element's members; 0 stands for an absent member. */
interface HeaderElement {
  name: number;
  nameEnd: number;
  value: number;
  valueEnd: number;
  end: number;
}

function readElement(data: Buffer, at: number): HeaderElement | undefined {
  if (data[at] !== 0x7b) return undefined;
  const element: HeaderElement = { name: 0, nameEnd: 0, value: 0, valueEnd: 0, end: 0 };
  let i = skipSpace(data, at + 1);
  if (data[i] === 0x7d) return ended(element, i);
  for (;;) {
    const after = readMember(data, i, element);
    if (after === NOWHERE) return undefined;
    i = skipSpace(data, after);
    if (data[i] === 0x7d) return ended(element, i);
    if (data[i] !== 0x2c) return undefined;
    i = skipSpace(data, i + 1);
  }
}

function ended(element: HeaderElement, close: number): HeaderElement {
  element.end = close + 1;
  return element;
}

function readMember(data: Buffer, at: number, element: HeaderElement): number {
  if (data[at] !== QUOTE) return NOWHERE;
  const quote = endOfString(data, at + 1);
  if (quote === NOWHERE) return NOWHERE;
  const colon = skipSpace(data, quote + 1);
  if (data[colon] !== 0x3a || hasEscape(data, at + 1, quote)) return NOWHERE;
  const start = skipSpace(data, colon + 1);
  const end = skipValue(data, start);
  return end === NOWHERE || !place(data, at, element, start, end) ? NOWHERE : end;
}

function hasEscape(data: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (data[i] === BACKSLASH) return true;
  return false;
}

/** Notes the member whose name stands at `key`; returns false if the element already has this member. */
function place(data: Buffer, key: number, element: HeaderElement, start: number, end: number): boolean {
  if (isAt(data, key, NAME)) {
    if (element.name !== 0) return false;
    element.name = start;
    element.nameEnd = end;
  }
  if (isAt(data, key, VALUE)) {
    if (element.value !== 0) return false;
    element.value = start;
    element.valueEnd = end;
  }
  return true;
}

function headerOf(data: Buffer, element: HeaderElement, wanted: readonly string[]): HeaderRange | undefined {
  const { name: at, nameEnd, value, valueEnd } = element;
  if (data[at] !== QUOTE || at === 0 || value === 0 || nameEnd - at > MAX_NAME_BYTES) return undefined;
  // The length rules out most headers cheaply; a name with an escape may still be a wanted one.
  const length = nameEnd - at - 2;
  if (!wanted.some((one) => one.length === length) && !hasEscape(data, at, nameEnd)) return undefined;
  const name = valueAt(data, at, nameEnd);
  if (typeof name !== 'string') return undefined;
  const lower = name.toLowerCase();
  return wanted.includes(lower) ? { name: lower, start: value, end: valueEnd } : undefined;
}
