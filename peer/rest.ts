import { METHODS, STATUS_CODES } from 'node:http';
import type { Body } from './body.js';
import { uncarry } from './carried-body.js';
import type { Form } from './form.js';
import { isHeader, type NameValue, readHeaders, readPairs } from './headers.js';
import { readRawQuery } from './target.js';

/** A `REST:REQUEST`. */
export interface RestRequest {
  /** HTTP method, upper case. */
  readonly method: string;
  /** Absolute path, percent-encoded as in HTTP, without a query. */
  readonly path: string;
  /** Parameters of the query, decoded, in order; names may repeat. */
  readonly query: readonly NameValue[];
  /** The query as it stands in HTTP, without its `?`. Where it is given it counts in place of `query`. */
  readonly rawQuery?: string;
  /** Headers in order; names may repeat. */
  readonly headers: readonly NameValue[];
  /** Its content. */
  readonly body: Body;
}

/** A `REST:RESPONSE`. */
export interface RestResponse {
  /** HTTP status, 200 to 599. */
  readonly statusCode: number;
  /** Words beside the status; the usual ones when left out. */
  readonly reasonPhrase?: string;
  /** Headers in order; names may repeat. */
  readonly headers: readonly NameValue[];
  /** Its content. */
  readonly body: Body;
}

/** The reason why a message is not of its type: one phrase for people. */
export interface MessageFault {
  readonly fault: string;
}

/** Characters of a reason phrase; HTTP has no room for a longer one, whose head Node bounds so. */
const MAX_PHRASE_CHARS = 16_384;

type Fields = Readonly<Record<string, unknown>>;

/** Reads the fields of a `REST:REQUEST`; `envelope` is the text that they were parsed from. */
export function readRequest(fields: Fields, envelope: string, form: Form): RestRequest | MessageFault {
  const { method, path } = fields;
  if (typeof method !== 'string') return { fault: 'method is not text' };
  const known = method.toUpperCase();
  if (!METHODS.includes(known) || known === 'CONNECT') return { fault: 'method is not one of HTTP' };
  if (typeof path !== 'string') return { fault: 'path is not text' };
  const query = readPairs(fields['queryStrings'], 'queryStrings');
  if ('fault' in query) return query;
  const raw = readRawQuery(fields['rawQuery']);
  if ('fault' in raw) return raw;
  const headers = readHeaders(fields['headers']);
  if ('fault' in headers) return headers;
  const body = uncarry(fields, envelope, 'request', form);
  return 'fault' in body ? body : { method: known, path, query, ...raw, headers, body };
}

/** Reads the fields of a `REST:RESPONSE`. A phrase that cannot stand in HTTP is left out. */
export function readResponse(fields: Fields, envelope: string, form: Form): RestResponse | MessageFault {
  const { statusCode, reasonPhrase } = fields;
  if (!isStatus(statusCode)) return { fault: 'statusCode is not a whole number from 200 to 599' };
  const headers = readHeaders(fields['headers']);
  if ('fault' in headers) return headers;
  const body = uncarry(fields, envelope, 'response', form);
  if ('fault' in body) return body;
  const phrase = isPhrase(reasonPhrase) ? { reasonPhrase } : {};
  return { statusCode, ...phrase, headers, body };
}

/** A response of this peer's own making: the reason as JSON. */
export function errorResponse(statusCode: number, reason: string, message: string): RestResponse {
  return { statusCode, reasonPhrase: phraseOf(statusCode), headers: [], body: errorBody(reason, message) };
}

/** `{"error":{"reason","message"}}`, the form of every error of this project; a bridge adds the ids of the call. */
export function errorBody(reason: string, message: string, ids: Readonly<Record<string, string>> = {}): Body {
  return { kind: 'json', text: JSON.stringify({ error: { reason, message, ...ids } }) };
}

/** The usual words for a status; empty for an unknown one. */
export function phraseOf(statusCode: number): string {
  return STATUS_CODES[statusCode] ?? '';
}

/** RFC 9110 §6.4.1: such a response has no content, whatever its headers say. */
export function hasNoContent(method: string, statusCode: number): boolean {
  return method === 'HEAD' || statusCode === 204 || statusCode === 304;
}

/** 1xx is never the last word of an HTTP exchange, and so is no response here. */
function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
}

function isPhrase(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_PHRASE_CHARS && isHeader('Reason-Phrase', value);
}
