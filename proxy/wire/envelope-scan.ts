import type { Envelope, MessageKind, Place } from './envelope.js';
import { isAt, NOWHERE, skipSpace, skipValue, valueAt } from './json-bytes.js';
import { MAX_ID_CHARS, type MessageId, messageId } from './message-id.js';

/** `odd`: it may be an envelope, but only a full parse can say. */
export type Verdict = 'read' | 'odd' | 'unreadable';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BACKSLASH = 0x5c;

/** In place of a position: what is here needs a full parse. */
const ODD = -2;
/** Bytes that the JSON text of a compared id may take: every character escaped, and the quotes. */
const MAX_ID_BYTES = MAX_ID_CHARS * 6 + 2;
/** Digits of an integer that a double certainly holds. */
const SAFE_DIGITS = 15;

/** The fields that are read; also the bit of each in what was seen. */
const FIELD = {
  none: 0,
  message: 1,
  messageType: 2,
  messageId: 3,
  inResponseTo: 4,
  requiresResponse: 5,
  statusCode: 6,
  method: 7,
  path: 8,
  queryStrings: 9,
  headers: 10,
} as const;

/**
 * Reads an envelope off its bytes in one pass, making no value that is not needed. Unknown members are stepped over, in any
 * order and of any size. `odd` is what it declines to judge: a needed name twice, a name or a messageType with an escape.
 */
export function scanEnvelope(data: Buffer, out: Envelope): Verdict {
  const start = skipSpace(data, 0);
  if (data[start] !== OPEN) return 'unreadable';
  const end = scanObject(data, start + 1, out, false);
  if (end === ODD) return 'odd';
  if (end < 0 || skipSpace(data, end) !== data.length) return 'unreadable';
  return out.kind === 'unreadable' ? 'unreadable' : 'read';
}

/** From the byte after `{` to the byte after its `}`, taking the fields of the message or, outside it, the message. */
function scanObject(data: Buffer, from: number, out: Envelope, inner: boolean): number {
  let i = skipSpace(data, from);
  if (data[i] === CLOSE) return i + 1;
  for (;;) {
    i = scanMember(data, i, out, inner);
    if (i < 0) return i;
    i = skipSpace(data, i);
    if (data[i] === CLOSE) return i + 1;
    if (data[i] !== COMMA) return NOWHERE;
    i = skipSpace(data, i + 1);
  }
}

/** From a name’s opening quote to the byte after its value. */
function scanMember(data: Buffer, at: number, out: Envelope, inner: boolean): number {
  if (data[at] !== QUOTE) return NOWHERE;
  const end = endOfName(data, at + 1);
  if (end < 0) return end;
  const colon = skipSpace(data, end + 1);
  if (data[colon] !== COLON) return NOWHERE;
  const value = skipSpace(data, colon + 1);
  const length = end - at - 1;
  const field = inner ? messageField(data, at + 1, length) : outerField(data, at + 1, length);
  if (field === FIELD.none) return skipValue(data, value);
  const bit = 1 << field;
  if ((out.seen & bit) !== 0) return ODD;
  out.seen |= bit;
  return take(data, value, out, field);
}

/** From a name’s first byte to its closing quote. */
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

function outerField(data: Buffer, start: number, length: number): number {
  return length === 7 && isAt(data, start, 'message') ? FIELD.message : FIELD.none;
}

function messageField(data: Buffer, start: number, length: number): number {
  switch (length) {
    case 4:
      return isAt(data, start, 'path') ? FIELD.path : FIELD.none;
    case 6:
      return isAt(data, start, 'method') ? FIELD.method : FIELD.none;
    case 7:
      return isAt(data, start, 'headers') ? FIELD.headers : FIELD.none;
    case 9:
      return isAt(data, start, 'messageId') ? FIELD.messageId : FIELD.none;
    case 10:
      return isAt(data, start, 'statusCode') ? FIELD.statusCode : FIELD.none;
    case 11:
      return isAt(data, start, 'messageType') ? FIELD.messageType : FIELD.none;
    default:
      return longField(data, start, length);
  }
}

function longField(data: Buffer, start: number, length: number): number {
  if (length === 16) return isAt(data, start, 'requiresResponse') ? FIELD.requiresResponse : FIELD.none;
  if (length !== 12) return FIELD.none;
  if (isAt(data, start, 'inResponseTo')) return FIELD.inResponseTo;
  return isAt(data, start, 'queryStrings') ? FIELD.queryStrings : FIELD.none;
}

/** Takes one field’s value; says where it ended. */
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
      return takePlace(data, at, out.method);
    case FIELD.path:
      return takePlace(data, at, out.path);
    case FIELD.queryStrings:
      return takePlace(data, at, out.queryStrings);
    default:
      return takePlace(data, at, out.headers);
  }
}

function takePlace(data: Buffer, at: number, place: Place): number {
  const end = skipValue(data, at);
  place.start = at;
  place.end = end;
  return end;
}

function takeType(data: Buffer, at: number, out: Envelope): number {
  if (data[at] !== QUOTE) return skipValue(data, at);
  const end = endOfName(data, at + 1);
  if (end < 0) return end;
  out.type.start = at;
  out.type.end = end + 1;
  out.kind = kindAt(data, at + 1, end - at - 1);
  return end + 1;
}

function kindAt(data: Buffer, at: number, length: number): MessageKind {
  if (length === 12 && isAt(data, at, 'REST:REQUEST')) return 'request';
  if (length === 13 && isAt(data, at, 'REST:RESPONSE')) return 'response';
  if (length >= 6 && isAt(data, at, 'EVENT:')) return 'event';
  if (length === 10 && isAt(data, at, 'CONN:HELLO')) return 'hello';
  return length === 9 && isAt(data, at, 'CONN:INFO') ? 'info' : 'other';
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

/** What the last `endOfInteger` read: a second result without an object for it. */
let integer = 0;

/** From the first digit of a plain integer, without sign or leading zero, to the byte after its last; else `NOWHERE`. */
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
