import { type Body, bodyOfBytes } from './body.js';
import { undoCodings } from './codings.js';
import type { Form } from './form.js';
import { headerValue, type NameValue } from './headers.js';

/**
 * The body of an HTTP message for a peer of that form. A deployed one cannot be told of a content coding, so that it is undone for it, where
 * that can be done; anybody else gets the bytes as they are. `limit` bounds the bytes that come out, and `too_big` says that they do not fit.
 */
export async function bodyFor(
  form: Form,
  bytes: Buffer,
  headers: readonly NameValue[],
  limit: number,
): Promise<Body | 'too_big'> {
  const encoding = headerValue(headers, 'content-encoding');
  if (form === 'exact' || encoding === undefined) return bodyOfBytes(bytes, headers);
  const undone = await undoCodings(bytes, encoding, limit);
  if ('bytes' in undone) return bodyOfBytes(undone.bytes, headers.filter(isNoCoding));
  return undone.problem === 'too_big' ? 'too_big' : bodyOfBytes(bytes, headers);
}

function isNoCoding({ name }: NameValue): boolean {
  return name.toLowerCase() !== 'content-encoding';
}
