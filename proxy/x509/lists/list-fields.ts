import { children, DerFault, type Element, elementAt, expect, tags, wholeOf } from '../encoding/der.js';

/**
 * The fields of a revocation list, as elements of its DER (RFC 5280 §5.1). Each reader checks the field that it reads. A field is
 * undefined if the list leaves it out or is cut off before it.
 */
export interface ListFields {
  /** The signed part of the list. */
  readonly body: Element;
  readonly issuer: Element;
  readonly thisUpdate: Element | undefined;
  readonly nextUpdate: Element | undefined;
  /** The revoked certificates; an empty list leaves this field out. */
  readonly entries: Element | undefined;
  /** The extensions in their `[0]` wrapping. */
  readonly extensions: Element | undefined;
  /** The algorithm of the signature as the signed part names it. */
  readonly signedAlgorithm: Element | undefined;
  /** The algorithm of the signature as it stands beside the signature. */
  readonly algorithm: Element | undefined;
  readonly signature: Element | undefined;
}

/** `[0] crlExtensions` of a TBSCertList. */
const EXTENSIONS = 0xa0;

/** Finds the fields. Throws DerFault when the bytes are not one list. */
export function listFields(der: Buffer): ListFields {
  const whole = expect(elementAt(der, 0), tags.sequence, 'the list');
  if (whole.end !== der.length) throw new DerFault('the list has bytes behind its end');
  const [body, algorithm, signature] = children(der, whole);
  const fields = children(der, expect(body, tags.sequence, 'the list’s body'));
  // The version is the only INTEGER; lists of version 1 leave it out.
  if (fields[0]?.tag === tags.integer) fields.shift();
  const [signedAlgorithm, issuer, thisUpdate, ...rest] = fields;
  if (body === undefined || issuer === undefined) throw new DerFault('the list is cut off');
  const nextUpdate = isTime(rest[0]) ? rest.shift() : undefined;
  return {
    body,
    issuer,
    thisUpdate,
    nextUpdate,
    entries: rest.find(({ tag }) => tag === tags.sequence),
    extensions: rest.find(({ tag }) => tag === EXTENSIONS),
    signedAlgorithm,
    algorithm,
    signature,
  };
}

/** Throws DerFault unless the signed algorithm is the one beside the signature: only the signed one cannot be forged. */
export function checkAlgorithms(der: Buffer, { signedAlgorithm, algorithm }: ListFields): void {
  const [signed, beside] = [signedAlgorithm, algorithm].map((one) => one && wholeOf(der, one));
  if (signed === undefined || beside?.equals(signed) !== true) throw new DerFault('it names two signature algorithms');
}

function isTime(element: Element | undefined): boolean {
  return element?.tag === tags.utcTime || element?.tag === tags.generalizedTime;
}
