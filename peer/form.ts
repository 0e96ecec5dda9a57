/**
 * How messages are written for the other peer. `exact` is a peer of this library: besides what every peer knows it reads the fields by which
 * queries, bodies and their headers are carried to the byte [MSG-6], and is sent what it alone can take [MSG-7]. `deployed` is any other one.
 */
export type Form = 'exact' | 'deployed';

/** The field of a HELLO by which a peer says that it reads the exact form. */
export const EXACT_CLAIM = 'exactHttp';

/** What the other peer's HELLO, one that was read already, says of it. */
export function formOf(hello: Buffer): Form {
  const { message } = JSON.parse(hello.toString('utf8')) as { readonly message: Readonly<Record<string, unknown>> };
  return message[EXACT_CLAIM] === true ? 'exact' : 'deployed';
}
