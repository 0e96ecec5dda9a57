import { scanEnvelope } from './envelope-scan.js';
import { knownMethod, METHODS, type Method } from './invocation.js';
import { isAt, valueAt } from './json-bytes.js';
import { type MessageId, messageId } from './message-id.js';

/** What a message is, by its messageType [MSG-3]; `unreadable` is what holds no envelope. */
export type MessageKind = 'hello' | 'info' | 'request' | 'response' | 'event' | 'other' | 'unreadable';

/** Bytes of a message that is parsed whole when the scan met something odd; an odd message above it is unreadable. */
export const MAX_FALLBACK_BYTES = 65_536;
/** Bytes of a method or a path that is read; a longer one counts as absent. */
const MAX_TEXT_BYTES = 8_192;
/** Bytes of a queryStrings or headers list that is read; a longer one counts as absent. */
export const MAX_LIST_BYTES = 65_536;

/** Where a value lies: from its first byte to the byte after its last; 0, 0 when there is none. */
export interface Place {
  start: number;
  end: number;
}

/**
 * The fields of one message that tracing and counting need, and nothing else of it. One object is filled again and again,
 * since one is needed for every message; texts are made only when they are asked for.
 *
 * What it says is what JSON.parse would say: of a name that occurs twice the last counts, escapes are decoded. A text that is
 * no JSON is `unreadable` where the scan meets the fault; a fault within a value that is skipped, such as a body, is not
 * looked for, and what stands around it is read as it stands. Nothing but counts and spans depends on that.
 */
export class Envelope {
  kind: MessageKind = 'unreadable';
  id: MessageId | undefined;
  inResponseTo: MessageId | undefined;
  requiresResponse: boolean | undefined;
  /** statusCode where it is an integer. */
  status: number | undefined;
  /** The byte after the `{` of the message object; 0 when the message was parsed whole. */
  inside = 0;
  /** The fields that were met, as bits of the scan. */
  seen = 0;
  readonly type: Place = { start: 0, end: 0 };
  readonly method: Place = { start: 0, end: 0 };
  readonly path: Place = { start: 0, end: 0 };
  readonly queryStrings: Place = { start: 0, end: 0 };
  readonly headers: Place = { start: 0, end: 0 };
  #data: Buffer = EMPTY;
  #parsed: Readonly<Record<string, unknown>> | undefined;

  /** Reads one text message; never throws. */
  read(data: Buffer): void {
    this.#clear(data);
    const verdict = scanEnvelope(data, this);
    if (verdict === 'read') return;
    this.#clear(data);
    if (verdict === 'odd' && data.length <= MAX_FALLBACK_BYTES) this.#parse(data);
  }

  get typeText(): string | undefined {
    return this.#text('messageType', this.type);
  }

  get methodText(): string | undefined {
    return this.#text('method', this.method);
  }

  /** The method as labels carry it. */
  get knownMethod(): Method {
    if (this.#parsed !== undefined) return knownMethod(this.methodText);
    const { start, end } = this.method;
    for (const method of METHODS) {
      if (method.length === end - start - 2 && isAt(this.#data, start + 1, method)) return method;
    }
    return '_OTHER';
  }

  get pathText(): string | undefined {
    return this.#text('path', this.path);
  }

  get queryStringsValue(): unknown {
    return this.#value('queryStrings', this.queryStrings, MAX_LIST_BYTES);
  }

  get headersValue(): unknown {
    return this.#value('headers', this.headers, MAX_LIST_BYTES);
  }

  #text(name: string, place: Place): string | undefined {
    const value = this.#value(name, place, MAX_TEXT_BYTES);
    return typeof value === 'string' ? value : undefined;
  }

  #value(name: string, { start, end }: Place, maxBytes: number): unknown {
    if (this.#parsed !== undefined) return this.#parsed[name];
    return end === 0 || end - start > maxBytes ? undefined : valueAt(this.#data, start, end);
  }

  #clear(data: Buffer): void {
    this.kind = 'unreadable';
    this.id = undefined;
    this.inResponseTo = undefined;
    this.requiresResponse = undefined;
    this.status = undefined;
    this.inside = 0;
    this.seen = 0;
    this.type.end = 0;
    this.method.end = 0;
    this.path.end = 0;
    this.queryStrings.end = 0;
    this.headers.end = 0;
    this.#data = data;
    this.#parsed = undefined;
  }

  #parse(data: Buffer): void {
    const whole = valueAt(data, 0, data.length);
    const message = isObject(whole) ? whole['message'] : undefined;
    if (!isObject(message) || typeof message['messageType'] !== 'string') return;
    this.#parsed = message;
    this.kind = kindOf(message['messageType']);
    this.id = messageId(message['messageId']);
    this.inResponseTo = messageId(message['inResponseTo']);
    const { requiresResponse, statusCode } = message;
    if (typeof requiresResponse === 'boolean') this.requiresResponse = requiresResponse;
    if (typeof statusCode === 'number' && Number.isInteger(statusCode)) this.status = statusCode + 0;
  }
}

const EMPTY = Buffer.alloc(0);

/** The kind that a messageType stands for. */
export function kindOf(messageType: string): MessageKind {
  if (messageType === 'REST:REQUEST') return 'request';
  if (messageType === 'REST:RESPONSE') return 'response';
  if (messageType.startsWith('EVENT:')) return 'event';
  if (messageType === 'CONN:HELLO') return 'hello';
  return messageType === 'CONN:INFO' ? 'info' : 'other';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
