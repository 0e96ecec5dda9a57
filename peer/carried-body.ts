import type { Body, BodyFault } from './body.js';
import { memberText } from './json-member.js';
import { isHeaderSafeType, isJson, mediaType } from './media-type.js';

const OCTETS = 'application/octet-stream';

/**
 * A body as a message's fields (PROTOCOL: `dataFormat`, `messageBody`). `messageBody` is JSON text.
 *
 * `dataFormat` decides how a deployed peer reads `messageBody`: a JSON value for exactly `application/json`, base64 for exactly
 * `application/octet-stream`, and plain text for any other type. So bytes must travel as `application/octet-stream` whatever
 * they are, or a deployed peer would take the base64 for the content; what it loses is the real type (`image/png`, the
 * boundary of a multipart form). That stands in `contentType`, a field which deployed peers pass over and this library
 * reads back. It is only sent where `dataFormat` does not say the same.
 */
export interface CarriedBody {
  readonly dataFormat?: string;
  readonly contentType?: string;
  readonly messageBody?: string;
}

/** Writes a body into fields. */
export function carry(body: Body): CarriedBody {
  switch (body.kind) {
    case 'none':
      return body.type === undefined ? {} : { contentType: body.type };
    case 'json':
      return { dataFormat: 'application/json', ...unlessSame(body.type, 'application/json'), messageBody: body.text };
    case 'text':
      return { dataFormat: body.type, messageBody: JSON.stringify(body.text) };
    case 'binary':
      return {
        dataFormat: OCTETS,
        ...unlessSame(body.type, OCTETS),
        messageBody: JSON.stringify(body.bytes.toString('base64')),
      };
  }
}

/**
 * Reads a body out of a message. `envelope` is the text that `message` was parsed from. A deployed peer that has no body
 * leaves the fields out or sets them to null; without a `dataFormat` text is text and any other value JSON.
 */
export function uncarry(message: Readonly<Record<string, unknown>>, envelope: string): Body | BodyFault {
  const { messageBody } = message;
  const dataFormat = message['dataFormat'] ?? defaultFormat(messageBody);
  if (!isHeaderSafeType(dataFormat)) return { fault: 'dataFormat is not a MIME type' };
  const type = isHeaderSafeType(message['contentType']) ? message['contentType'] : undefined;
  const typed = type === undefined ? {} : { type };
  if (messageBody === undefined) return { kind: 'none', ...typed };
  if (isJson(dataFormat)) {
    const text = memberText(envelope, 'message', 'messageBody') ?? 'null';
    return { kind: 'json', text, ...(isJson(type ?? '') ? typed : {}) };
  }
  if (messageBody === null) return { kind: 'none', ...typed };
  if (typeof messageBody !== 'string')
    return { fault: `messageBody is not text, as dataFormat ${dataFormat} asks for` };
  if (mediaType(dataFormat) !== OCTETS) return { kind: 'text', text: messageBody, type: dataFormat };
  const bytes = fromBase64(messageBody);
  return bytes === undefined ? { fault: 'messageBody is not base64' } : { kind: 'binary', bytes, ...typed };
}

function defaultFormat(messageBody: unknown): string {
  const isValue = typeof messageBody !== 'string' && messageBody !== null;
  return isValue ? 'application/json' : 'text/plain; charset=utf-8';
}

function unlessSame(type: string | undefined, format: string): { readonly contentType?: string } {
  return type === undefined || type === format ? {} : { contentType: type };
}

/** Base64 of RFC 4648 §4; line breaks, which some encoders add, are let pass. */
function fromBase64(text: string): Buffer | undefined {
  const digits = text.replace(/[\r\n]+/g, '');
  const padding = digits.indexOf('=');
  if (digits.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(digits)) return undefined;
  if (padding !== -1 && (padding < digits.length - 2 || !digits.endsWith('='))) return undefined;
  return Buffer.from(digits, 'base64');
}
