import { type Body, type Content, described, headersOf, isJsonText, isSame, JSON_TYPE, OCTETS } from './body.js';
import type { Form } from './form.js';
import { bodyHeaders, isHeader, type NameValue, readHeaders } from './headers.js';
import { memberText } from './json-member.js';
import { spaced, trimmed } from './json-space.js';
import { isJson, mediaType } from './media-type.js';

/**
 * A body as a message's fields [MSG-5, MSG-6]. `messageBody` is JSON text.
 *
 * `dataFormat` decides how a deployed peer reads `messageBody`: a JSON value for exactly `application/json`, base64 for exactly
 * `application/octet-stream`, and plain text for any other type. So bytes must travel as `application/octet-stream` whatever
 * they are, or a deployed peer would take the base64 for the content. Other fields, which deployed peers pass over, say the rest, and
 * only where there is something to say.
 */
export interface CarriedBody {
  readonly dataFormat?: string;
  readonly bodyHeaders?: readonly NameValue[];
  readonly bodySpace?: readonly [before: string, after: string];
  readonly messageBody?: string;
}

/** The direction of a body. Deployed gateways take no JSON value in a request but an object; they pass on the text of any other value as it is. */
export type Way = 'request' | 'response' | 'event';

/** The reason why fields are no body: one phrase for people. */
export interface BodyFault {
  readonly fault: string;
}

/** Writes a body into fields. */
export function carry(body: Body, way: Way, form: Form): CarriedBody {
  const beside = unlessSaid(body);
  switch (body.kind) {
    case 'none':
      return beside;
    case 'json':
      return { dataFormat: JSON_TYPE, ...beside, ...carriedJson(body.text, way, form) };
    case 'text':
      return { dataFormat: body.type, ...beside, messageBody: JSON.stringify(body.text) };
    case 'binary':
      return { dataFormat: OCTETS, ...beside, messageBody: JSON.stringify(body.bytes.toString('base64')) };
  }
}

function unlessSaid(body: Body): CarriedBody {
  const headers = headersOf(body);
  const said = body.kind === 'none' ? [] : headersOf(plain(body));
  return isSame(headers, said) ? {} : { bodyHeaders: headers };
}

/** The body as `dataFormat` and `messageBody` alone describe it. */
function plain(body: Exclude<Content, { readonly kind: 'none' }>): Content {
  if (body.kind === 'json') return { kind: 'json', text: body.text };
  return body.kind === 'binary'
    ? { kind: 'binary', bytes: body.bytes }
    : { kind: 'text', text: body.text, type: body.type };
}

function carriedJson(text: string, way: Way, form: Form): CarriedBody {
  const { before, value, after } = trimmed(text);
  const isRefused = way === 'request' && form === 'deployed' && !value.startsWith('{');
  if (isRefused) return { messageBody: JSON.stringify(text) };
  return { ...(before + after === '' ? {} : { bodySpace: [before, after] }), messageBody: value };
}

/**
 * Reads a body out of a message. `envelope` is the text that `message` was parsed from, `form` that of its sender. A deployed peer that
 * has no body leaves the fields out or sets them to null; without a `dataFormat` text is text and any other value JSON.
 */
export function uncarry(
  message: Readonly<Record<string, unknown>>,
  envelope: string,
  way: Way,
  form: Form,
): Body | BodyFault {
  const content = contentOf(message, envelope, way === 'request' && form === 'deployed');
  if ('fault' in content) return content;
  const given = message['bodyHeaders'];
  if (given === undefined || given === null) return content;
  const headers = readHeaders(given, 'bodyHeaders');
  if ('fault' in headers) return headers;
  return described(content, bodyHeaders(headers, content.kind === 'none'));
}

function contentOf(
  message: Readonly<Record<string, unknown>>,
  envelope: string,
  mayBeText: boolean,
): Content | BodyFault {
  const { messageBody } = message;
  const dataFormat = message['dataFormat'] ?? defaultFormat(messageBody);
  if (!isType(dataFormat)) return { fault: 'dataFormat is not a MIME type' };
  if (messageBody === undefined) return { kind: 'none' };
  if (isJson(dataFormat)) return jsonOf({ ...message, dataFormat }, envelope, mayBeText);
  if (messageBody === null) return { kind: 'none' };
  if (typeof messageBody !== 'string')
    return { fault: `messageBody is not text, as dataFormat ${dataFormat} asks for` };
  if (mediaType(dataFormat) !== OCTETS) return { kind: 'text', text: messageBody, type: dataFormat };
  const bytes = fromBase64(messageBody);
  return bytes === undefined ? { fault: 'messageBody is not base64' } : { kind: 'binary', bytes };
}

/**
 * A deployed peer means a JSON value by exactly `application/json`, and text by any other spelling of it. The text in its request is
 * the body as it stands.
 */
function jsonOf(
  { dataFormat: type, messageBody, bodySpace }: Readonly<Record<string, unknown>> & { readonly dataFormat: string },
  envelope: string,
  mayBeText: boolean,
): Content | BodyFault {
  const typed = type === JSON_TYPE ? {} : { type };
  if (typeof messageBody === 'string' && (mayBeText || type !== JSON_TYPE)) {
    return isJsonText(messageBody)
      ? { kind: 'json', text: messageBody, ...typed }
      : { kind: 'text', text: messageBody, type };
  }
  const text = spaced(memberText(envelope, 'message', 'messageBody') ?? 'null', bodySpace);
  if (text === undefined) return { fault: 'bodySpace is not two texts of JSON white space' };
  return { kind: 'json', text, ...typed };
}

function defaultFormat(messageBody: unknown): string {
  const isValue = typeof messageBody !== 'string' && messageBody !== null;
  return isValue ? JSON_TYPE : 'text/plain; charset=utf-8';
}

function isType(value: unknown): value is string {
  return typeof value === 'string' && /\S/.test(value) && isHeader('Content-Type', value);
}

/** Base64 of RFC 4648 §4; line breaks, which some encoders add, are let pass. */
function fromBase64(text: string): Buffer | undefined {
  const digits = text.replace(/[\r\n]+/g, '');
  const padding = digits.indexOf('=');
  if (digits.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(digits)) return undefined;
  if (padding !== -1 && (padding < digits.length - 2 || !digits.endsWith('='))) return undefined;
  return Buffer.from(digits, 'base64');
}
