import { jsonFault } from './json-fault.js';
import { isHeaderSafeType, isJson, isTextual, mediaType } from './media-type.js';

/**
 * What a request, response or event carries. JSON stays text, exactly as it was written: `JSON.parse(body.text)` reads it, and
 * {@link jsonBody} makes it of a value; text that is no JSON must not be called so, as it is sent as it stands.
 * `type` is the MIME type with its parameters, as in `Content-Type`.
 */
export type Body =
  | { readonly kind: 'none'; readonly type?: string }
  | { readonly kind: 'json'; readonly text: string; readonly type?: string }
  | { readonly kind: 'text'; readonly text: string; readonly type: string }
  | { readonly kind: 'binary'; readonly bytes: Buffer; readonly type?: string };

export const noBody: Body = { kind: 'none' };

/** A value as a JSON body. `undefined` and what else JSON cannot say becomes `null`. */
export function jsonBody(value: unknown): Body {
  return { kind: 'json', text: JSON.stringify(value) ?? 'null' };
}

/** Why bytes are not what their type says. */
export interface BodyFault {
  readonly fault: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The body of an HTTP message, its transfer and content codings undone. Text in another encoding than UTF-8 stays binary:
 * turning it would change its bytes. A JSON type on bytes that are not JSON is a fault that names the place.
 */
export function bodyOfBytes(bytes: Buffer, given: string | undefined): Body | BodyFault {
  // What could not be read back as a type is not carried as one.
  const type = isHeaderSafeType(given) ? given : undefined;
  const typed = type === undefined ? {} : { type };
  if (bytes.length === 0) return { kind: 'none', ...typed };
  const text = type !== undefined && (isJson(type) || isTextual(type)) ? decoded(bytes) : undefined;
  if (type === undefined || !isJson(type)) {
    return text === undefined || type === undefined
      ? { kind: 'binary', bytes, ...typed }
      : { kind: 'text', text, type };
  }
  if (text === undefined) return { fault: 'the body is not UTF-8, as JSON must be' };
  if (!parses(text)) return { fault: `the body is not JSON: ${faultText(text)}` };
  return mediaType(type) === type ? { kind: 'json', text } : { kind: 'json', text, type };
}

/** The bytes and the `Content-Type` of a body for HTTP. */
export function bytesOfBody(body: Body): { readonly bytes: Buffer; readonly type?: string } {
  const typed = body.type === undefined ? {} : { type: body.type };
  switch (body.kind) {
    case 'none':
      return { bytes: Buffer.alloc(0), ...typed };
    case 'json':
      return { bytes: Buffer.from(body.text), type: body.type ?? 'application/json' };
    case 'text':
      return { bytes: Buffer.from(body.text), type: body.type };
    case 'binary':
      return { bytes: body.bytes, type: body.type ?? 'application/octet-stream' };
  }
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function faultText(text: string): string {
  const fault = jsonFault(text);
  return fault === undefined ? 'it cannot be read' : `line ${fault.line}, column ${fault.column}: ${fault.problem}`;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
