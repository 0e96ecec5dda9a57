import type { ByteRange, Envelope } from './envelope.js';
import { FIELD, messageName, outerName } from './envelope-field.js';
import { NOWHERE, skipSpace, skipValue, valueAt } from './json-bytes.js';
import { MAX_ID_CHARS, type MessageId, messageId } from './message-id.js';
import { knownTypeAt, type MessageKind, otherKindAt } from './message-kind.js';

/** The result of a scan. `odd`: the text may be an envelope, but only a full parse can tell. */
export type ScanResult = 'read' | 'odd' | 'unreadable';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BACKSLASH = 0x5c;

/** Stands in place of a position: the text here needs a full parse. */
const ODD = -2;
/** Stands in place of a position: the scan knows every field it was asked for, and `stoppedAt` has its position. */
const ENOUGH = -3;
/** Bound of the JSON text of a compared id, in bytes: every character may be escaped, and the two quotes count. */
const MAX_ID_BYTES = MAX_ID_CHARS * 6 + 2;
/** Digits of an integer that a double holds exactly. */
const SAFE_DIGITS = 15;

/** The fields that every message of a kind is scanned for. */
const NEEDED: Readonly<Record<MessageKind, number>> = {
  request: FIELD.messageId | FIELD.requiresResponse | FIELD.method,
  response: FIELD.inResponseTo | FIELD.statusCode,
  event: 0,
  hello: 0,
  info: 0,
  other: 0,
  unreadable: FIELD.end,
};

/**
 * The position where the scan stopped with `ENOUGH`, and the value of the last `endOfInteger`. As second results they would each need
 * an object.
 */
let stoppedAt = 0;
let integer = 0;

/**
 * Reads an envelope from its bytes until the fields for its kind are known, and makes no other value. It steps over unknown members in
 * any order and of any size. The result is `odd` where the scan cannot judge: a needed name occurs twice, or a name or a messageType
 * has an escape.
 */
export function scanEnvelope(data: Buffer, out: Envelope): ScanResult {
  const start = skipSpace(data, 0);
  if (data[start] !== OPEN) return 'unreadable';
  return scanResult(data, out, scanObject(data, start + 1, out, false));
}

/** Reads on from the place where the last scan stopped, until the fields of the mask `wanted` are known too. */
export function resumeScan(data: Buffer, out: Envelope, wanted: number): ScanResult {
  out.missing = wanted & ~out.seen;
  const end = scanMembers(data, out.at, out, true);
  return scanResult(data, out, end < 0 ? end : scanMembers(data, end, out, false));
}

function scanResult(data: Buffer, out: Envelope, end: number): ScanResult {
  out.at = end === ENOUGH ? stoppedAt : 0;
  if (end === ENOUGH) return 'read';
  if (end === ODD) return 'odd';
  if (end < 0 || skipSpace(data, end) !== data.length) return 'unreadable';
  return out.kind === 'unreadable' ? 'unreadable' : 'read';
}

/**
 * Scans from the byte after `{` to the byte after its `}`. Inside the message it takes the fields of the message, outside only the
 * message.
 */
function scanObject(data: Buffer, from: number, out: Envelope, inner: boolean): number {
  const first = skipSpace(data, from);
  if (data[first] === CLOSE) return first + 1;
  const end = scanMember(data, first, out, inner);
  return end < 0 ? end : scanMembers(data, end, out, inner);
}

/** Scans from the end of one member to the byte after the object's `}`. */
function scanMembers(data: Buffer, from: number, out: Envelope, inner: boolean): number {
  let i = from;
  for (;;) {
    i = skipSpace(data, i);
    if (data[i] === CLOSE) return i + 1;
    if (data[i] !== COMMA) return NOWHERE;
    if (inner && out.missing === 0) {
      stoppedAt = i;
      return ENOUGH;
    }
    i = scanMember(data, skipSpace(data, i + 1), out, inner);
    if (i < 0) return i;
  }
}

/** Scans from the opening quote of a name to the byte after its value. */
function scanMember(data: Buffer, at: number, out: Envelope, inner: boolean): number {
  if (at >= data.length || data[at] !== QUOTE) return NOWHERE;
  const name = inner ? messageName(data, at) : outerName(data, at);
  const end = name === undefined ? endOfName(data, at + 1) : at + name.pattern.length - 1;
  if (end < 0) return end;
  const colon = skipSpace(data, end + 1);
  if (data[colon] !== COLON) return NOWHERE;
  const value = skipSpace(data, colon + 1);
  if (name === undefined) return skipValue(data, value);
  const { field } = name;
  if ((out.seen & field) !== 0) return ODD;
  out.seen |= field;
  out.missing &= ~field;
  return take(data, value, out, field);
}

/** Scans from the first byte of a name to its closing quote. */
function endOfName(data: Buffer, from: number): number {
  const { length } = data;
  for (let i = from; i < length; i += 1) {
    const c = data[i] ?? 0;
    if (c === QUOTE) return i;
    if (c === BACKSLASH) return ODD;
    if (c < 0x20) return NOWHERE;
  }
  return NOWHERE;
}

/** Takes the value of one field and returns the position after it. */
function take(data: Buffer, at: number, out: Envelope, field: number): number {
  switch (field) {
    case FIELD.message:
      out.inside = at + 1;
      return data[at] === OPEN ? scanObject(data, at + 1, out, true) : skipValue(data, at);
    case FIELD.messageType:
      return takeType(data, at, out);
    case FIELD.messageId:
      return takeId(data, at, out);
    case FIELD.inResponseTo:
      return takeInResponseTo(data, at, out);
    case FIELD.statusCode:
      return takeStatus(data, at, out);
    case FIELD.requiresResponse:
      return takeRequiresResponse(data, at, out);
    case FIELD.method:
      return takeRange(data, at, out.method);
    case FIELD.path:
      return takeRange(data, at, out.path);
    case FIELD.queryStrings:
      return takeRange(data, at, out.queryStrings);
    default:
      return takeRange(data, at, out.headers);
  }
}

function takeRange(data: Buffer, at: number, range: ByteRange): number {
  const end = skipValue(data, at);
  range.start = at;
  range.end = end;
  return end;
}

function takeType(data: Buffer, at: number, out: Envelope): number {
  if (data[at] !== QUOTE) return skipValue(data, at);
  const known = knownTypeAt(data, at);
  const end = known === undefined ? endOfName(data, at + 1) + 1 : at + known.pattern.length;
  if (end <= 0) return end - 1;
  out.type.start = at;
  out.type.end = end;
  out.kind = known?.kind ?? otherKindAt(data, at);
  out.missing = NEEDED[out.kind] & ~out.seen;
  return end;
}

function takeId(data: Buffer, at: number, out: Envelope): number {
  const short = endOfInteger(data, at);
  if (short !== NOWHERE) {
    out.id = integer;
    return short;
  }
  const end = skipValue(data, at);
  if (end !== NOWHERE) out.id = idAt(data, at, end);
  return end;
}

function takeInResponseTo(data: Buffer, at: number, out: Envelope): number {
  const short = endOfInteger(data, at);
  if (short !== NOWHERE) {
    out.inResponseTo = integer;
    return short;
  }
  const end = skipValue(data, at);
  if (end !== NOWHERE) out.inResponseTo = idAt(data, at, end);
  return end;
}

function takeStatus(data: Buffer, at: number, out: Envelope): number {
  const short = endOfInteger(data, at);
  if (short !== NOWHERE) {
    out.status = integer;
    return short;
  }
  const end = skipValue(data, at);
  if (end === NOWHERE || data[at] === QUOTE) return end;
  const status = idAt(data, at, end);
  if (typeof status === 'number') out.status = status;
  return end;
}

function takeRequiresResponse(data: Buffer, at: number, out: Envelope): number {
  if (data[at] === 0x74) out.requiresResponse = true;
  else if (data[at] === 0x66) out.requiresResponse = false;
  return skipValue(data, at);
}

function idAt(data: Buffer, at: number, end: number): MessageId | undefined {
  const nested = data[at] === OPEN || data[at] === 0x5b;
  return nested || end - at > MAX_ID_BYTES ? undefined : messageId(valueAt(data, at, end));
}

/**
 * Scans a plain integer, without sign or leading zero, from its first digit to the byte after its last; returns `NOWHERE` for any other
 * text.
 */
function endOfInteger(data: Buffer, at: number): number {
  let value = 0;
  let i = at;
  let digit = (data[i] ?? 0) - 0x30;
  while (digit >= 0 && digit <= 9) {
    value = value * 10 + digit;
    i += 1;
    digit = (data[i] ?? 0) - 0x30;
  }
  if (i === at || i - at > SAFE_DIGITS || (i - at > 1 && data[at] === 0x30)) return NOWHERE;
  integer = value;
  const next = data[i];
  return next === COMMA || next === CLOSE || next === 0x20 || next === 0x0a || next === 0x0d || next === 0x09
    ? i
    : NOWHERE;
}
