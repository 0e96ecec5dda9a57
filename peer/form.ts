/**
 * The form in which messages are written for the other peer. `exact` is for a peer of this library: it also reads the fields that carry
 * queries, bodies and their headers to the byte [MSG-6], and is sent messages that no other peer can take [MSG-7]. `deployed` is for any other peer.
 */
export type Form = 'exact' | 'deployed';

/** The field of a HELLO by which a peer says that it reads the exact form. */
export const EXACT_CLAIM = 'exactHttp';

/** The form that the other peer's HELLO asks for. The HELLO was read already. */
export function formOf(hello: Buffer): Form {
  const { message } = JSON.parse(hello.toString('utf8')) as { readonly message: Readonly<Record<string, unknown>> };
  return message[EXACT_CLAIM] === true ? 'exact' : 'deployed';
}
