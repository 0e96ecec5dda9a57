import { headerValue, type NameValue } from './headers.js';
import { isJson, isTextual } from './media-type.js';

/**
 * The content of a request, response or event. JSON stays text, exactly as it was written: `JSON.parse(body.text)` reads it, and
 * {@link jsonBody} makes it of a value; text that is no JSON must not be given as JSON, since it is sent as it stands.
 */
export type Body = Content & {
  /**
   * `Content-Type` and `Content-Encoding` as they stand in HTTP, where `type` does not say the same: an empty list is a body without a
   * type, and bytes with a content coding are `binary` and still coded. A body that is not there, as in a response to HEAD, has its
   * `Content-Length` too.
   */
  readonly headers?: readonly NameValue[];
};

/** `type` is the MIME type with its parameters, as in `Content-Type`; it has a usual value where it may be left out. */
export type Content =
  | { readonly kind: 'none'; readonly type?: string }
  | { readonly kind: 'json'; readonly text: string; readonly type?: string }
  | { readonly kind: 'text'; readonly text: string; readonly type: string }
  | { readonly kind: 'binary'; readonly bytes: Buffer; readonly type?: string };

/** A message without content. */
export const noBody: Body = { kind: 'none' };

/** The type of JSON that names no other. */
export const JSON_TYPE = 'application/json';
/** The type of bytes that name no other. */
export const OCTETS = 'application/octet-stream';

/** A value as a JSON body. `undefined`, and any other value that JSON does not have, becomes `null`. */
export function jsonBody(value: unknown): Body {
  return { kind: 'json', text: JSON.stringify(value) ?? 'null' };
}

/** The value of a JSON body. Throws TypeError for a body of another kind, SyntaxError for text that is no JSON. */
export function jsonOf(body: Body): unknown {
  if (body.kind !== 'json') throw new TypeError(`the body is ${body.kind}, not JSON`);
  return JSON.parse(body.text);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The body of an HTTP message; `headers` are those of the body. It is text or JSON only where the bytes are of the type that they claim:
 * any other body stays bytes, and so does a body with a content coding or without a type.
 */
export function bodyOfBytes(bytes: Buffer, headers: readonly NameValue[]): Body {
  if (bytes.length === 0) return described({ kind: 'none' }, headers);
  const type = headerValue(headers, 'content-type');
  const isCoded = headerValue(headers, 'content-encoding') !== undefined;
  const isText = type !== undefined && !isCoded && (isJson(type) || isTextual(type));
  const text = isText ? decoded(bytes) : undefined;
  if (type === undefined || text === undefined || (isJson(type) && !isJsonText(text))) {
    return described({ kind: 'binary', bytes }, headers);
  }
  return described(isJson(type) ? { kind: 'json', text } : { kind: 'text', text, type }, headers);
}

/** A body with the headers that it has in HTTP, these left out where its type says the same. */
export function described(content: Content, headers: readonly NameValue[]): Body {
  const type = headerValue(headers, 'content-type');
  const typed = type === undefined || type === usualType(content) ? content : { ...content, type };
  return isSame(headersOf(typed), headers) ? typed : { ...typed, headers };
}

/** The headers of a body in HTTP. */
export function headersOf(body: Body): readonly NameValue[] {
  if (body.headers !== undefined) return body.headers;
  const type = body.type ?? usualType(body);
  return type === undefined ? [] : [{ name: 'Content-Type', value: type }];
}

/** The bytes of a body in HTTP. */
export function bytesOf(body: Body): Buffer {
  switch (body.kind) {
    case 'none':
      return Buffer.alloc(0);
    case 'json':
    case 'text':
      return Buffer.from(body.text);
    case 'binary':
      return body.bytes;
  }
}

function usualType({ kind }: Content): string | undefined {
  if (kind === 'json') return JSON_TYPE;
  return kind === 'binary' ? OCTETS : undefined;
}

/** Whether two lists of headers are the same to the byte. */
export function isSame(one: readonly NameValue[], other: readonly NameValue[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name, value }, at) => name === other[at]?.name && value === other[at]?.value)
  );
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether text is JSON, white space around it allowed. */
export function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
