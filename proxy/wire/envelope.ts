import { asciiPattern, isAt } from './ascii-pattern.js';
import { FIELD } from './envelope-field.js';
import { resumeScan, scanEnvelope } from './envelope-scan.js';
import { knownMethod, METHODS, type Method } from './invocation.js';
import { valueAt } from './json-bytes.js';
import { type MessageId, messageId } from './message-id.js';
import { kindOf, type MessageKind } from './message-kind.js';

/** Longest message that is parsed whole after the scan met something odd, in bytes; a longer odd message is unreadable. */
export const MAX_FALLBACK_BYTES = 65_536;
/** Longest method or path that is read, in bytes; a longer one counts as absent. */
const MAX_TEXT_BYTES = 8_192;
/** Longest queryStrings or headers list that is read, in bytes; a longer one counts as absent. */
export const MAX_LIST_BYTES = 65_536;

/** The bytes of a value in its message: its first byte and the byte after its last; 0, 0 without a value. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The fields of one message that tracing and counting need. One object is filled anew for every message, because the hot path can
 * afford no new one. Texts are made on demand, and bytes are read only as far as the fields need.
 *
 * The fields have the values that JSON.parse would give for the text up to `at`, with the open objects closed there: the last of two
 * equal names counts, and escapes are decoded. Nothing after `at` is looked at. Before `at`, a text that is not JSON is `unreadable` if
 * the scan meets the fault. The scan does not look for faults inside a skipped value, such as a body, and reads the members around it
 * as they stand. Only counts and spans depend on the difference.
 */
export class Envelope {
  kind: MessageKind = 'unreadable';
  /** Read from a request only. */
  id: MessageId | undefined;
  requiresResponse: boolean | undefined;
  /** Read from a response only. */
  inResponseTo: MessageId | undefined;
  /** The statusCode, if it is an integer; read from a response only. */
  status: number | undefined;
  /** The end of the last member of the message that was read; 0 when nothing is left to read. */
  at = 0;
  /** The byte after the `{` of the message object; 0 when the message was parsed whole, or only its start is known. */
  inside = 0;
  /** Masks of FIELD: the fields that the scan has met, and the fields that it has yet to meet before it stops. */
  seen = 0;
  missing = 0;
  readonly type: ByteRange = { start: 0, end: 0 };
  readonly method: ByteRange = { start: 0, end: 0 };
  readonly path: ByteRange = { start: 0, end: 0 };
  readonly queryStrings: ByteRange = { start: 0, end: 0 };
  readonly headers: ByteRange = { start: 0, end: 0 };
  #data: Buffer = EMPTY;
  #parsed: Readonly<Record<string, unknown>> | undefined;

  /** Reads one text message as far as its kind needs; never throws. */
  read(data: Buffer): void {
    this.#clear(data);
    const verdict = scanEnvelope(data, this);
    if (verdict === 'read') return;
    this.#clear(data);
    if (verdict === 'odd') this.#parse(data);
  }

  /**
   * Reads on until the fields in the mask are known or known to be absent. Kind, ids, status and method keep their values. The other
   * fields have the value of a full parse where the scan meets something odd, and are absent where the text breaks.
   */
  reach(fields: number): void {
    if (this.at === 0 || (this.seen & fields) === fields) return;
    const verdict = resumeScan(this.#data, this, fields);
    if (verdict === 'read') return;
    this.inside = 0;
    for (const range of [this.path, this.queryStrings, this.headers]) range.end = 0;
    if (verdict === 'odd') this.#parsed = messageIn(this.#data);
  }

  get typeText(): string | undefined {
    return this.#text('messageType', this.type);
  }

  get methodText(): string | undefined {
    return this.#text('method', this.method);
  }

  /** The method in the form that labels carry. */
  get knownMethod(): Method {
    const { start, end } = this.method;
    if (end === 0) return knownMethod(this.methodText);
    for (let i = 0; i < METHOD_PATTERNS.length; i += 1) {
      const one = METHOD_PATTERNS[i];
      if (one?.pattern.length === end - start && isAt(this.#data, start, one.pattern)) return one.method;
    }
    return '_OTHER';
  }

  get pathText(): string | undefined {
    this.reach(FIELD.path);
    return this.#text('path', this.path);
  }

  get queryStringsValue(): unknown {
    this.reach(FIELD.queryStrings);
    return this.#value('queryStrings', this.queryStrings, MAX_LIST_BYTES);
  }

  get headersValue(): unknown {
    this.reach(FIELD.headers);
    return this.#value('headers', this.headers, MAX_LIST_BYTES);
  }

  #text(name: string, range: ByteRange): string | undefined {
    const value = this.#value(name, range, MAX_TEXT_BYTES);
    return typeof value === 'string' ? value : undefined;
  }

  #value(name: string, { start, end }: ByteRange, maxBytes: number): unknown {
    if (end === 0) return this.#parsed?.[name];
    return end - start > maxBytes ? undefined : valueAt(this.#data, start, end);
  }

  #clear(data: Buffer): void {
    this.kind = 'unreadable';
    this.id = undefined;
    this.inResponseTo = undefined;
    this.requiresResponse = undefined;
    this.status = undefined;
    this.at = 0;
    this.inside = 0;
    this.seen = 0;
    this.missing = FIELD.end;
    this.type.end = 0;
    this.method.end = 0;
    this.path.end = 0;
    this.queryStrings.end = 0;
    this.headers.end = 0;
    this.#data = data;
    this.#parsed = undefined;
  }

  #parse(data: Buffer): void {
    const message = messageIn(data);
    const type = message?.['messageType'];
    if (message === undefined || typeof type !== 'string') return;
    this.#parsed = message;
    this.kind = kindOf(type);
    this.id = messageId(message['messageId']);
    this.inResponseTo = messageId(message['inResponseTo']);
    const { requiresResponse, statusCode } = message;
    if (typeof requiresResponse === 'boolean') this.requiresResponse = requiresResponse;
    if (typeof statusCode === 'number' && Number.isInteger(statusCode)) this.status = statusCode + 0;
  }
}

/** The known methods with their quotes, as a message spells them. */
const METHOD_PATTERNS = METHODS.map((method) => ({ method, pattern: asciiPattern(`"${method}"`) }));
const EMPTY = Buffer.alloc(0);

function messageIn(data: Buffer): Readonly<Record<string, unknown>> | undefined {
  const whole = data.length > MAX_FALLBACK_BYTES ? undefined : valueAt(data, 0, data.length);
  const message = isObject(whole) ? whole['message'] : undefined;
  return isObject(message) ? message : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
