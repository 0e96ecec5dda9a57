import { type Body, bodyOfBytes } from './body.js';
import { undoCodings } from './codings.js';
import type { Form } from './form.js';
import type { NameValue } from './headers.js';

/**
 * The body of an HTTP message for a peer of that form. A deployed peer cannot be told of a content coding, so the coding is undone for it where
 * that is possible; any other peer gets the bytes as they are. `limit` bounds the bytes that come out, and `too_big` says that they do not fit.
 */
export async function bodyFor(
  form: Form,
  bytes: Buffer,
  headers: readonly NameValue[],
  limit: number,
): Promise<Body | 'too_big'> {
  const codings = headers.filter(isCoding);
  if (form === 'exact' || codings.length === 0) return bodyOfBytes(bytes, headers);
  // Several lines of one header are one list (RFC 9110 §5.3).
  const undone = await undoCodings(bytes, codings.map(({ value }) => value).join(), limit);
  if ('bytes' in undone) {
    const others = headers.filter((one) => !isCoding(one));
    return bodyOfBytes(undone.bytes, others);
  }
  return undone.problem === 'too_big' ? 'too_big' : bodyOfBytes(bytes, headers);
}

function isCoding({ name }: NameValue): boolean {
  return name.toLowerCase() === 'content-encoding';
}
