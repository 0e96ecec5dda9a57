import type { KeyObject } from 'node:crypto';
import { integer, oid, pem, sequence, set, time, tlv } from './der-writer.js';
import { ecdsa, ecKeys, type Keys, type SigningWay } from './signing.js';

/** ASN.1 string types, for names that use another type than UTF8String. */
export const stringTags = { utf8: 12, printable: 19, t61: 20, ia5: 22, universal: 28, bmp: 30 } as const;

/** One attribute: OID, value, and its tag (UTF8String unless given). */
export type NamePart = readonly [type: string, value: string | Buffer, tag?: number];
/** RDNs in the order of the DER, most general first; an RDN is one attribute or several. */
export type NameParts = readonly (NamePart | readonly NamePart[])[];

export type AlternativeName = { readonly uri: string | Buffer } | { readonly dns: string } | { readonly email: string };

export interface CertificateWish {
  readonly subject: NameParts;
  readonly names?: readonly AlternativeName[];
  readonly serial?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** DER of further Extension values. */
  readonly extensions?: readonly Buffer[];
  /** EC P-256 unless given. */
  readonly keys?: Keys;
}

export interface IssuedCertificate {
  readonly der: Buffer;
  readonly certificate: string;
  readonly key: string;
}

export interface ListWish {
  readonly serials: readonly string[];
  readonly thisUpdate?: Date;
  /** `never`: the list does not go stale. */
  readonly nextUpdate?: Date | 'never';
  /** DER of the Extension values to add to the list. */
  readonly extensions?: readonly Buffer[];
}

const HOUR_MS = 3_600_000;

/** A certificate authority of the tests, which issues any certificate, even with odd names. */
export class RawAuthority {
  readonly certificate: string;
  readonly #name: Buffer;
  readonly #way: SigningWay;
  readonly #keys: Keys;

  constructor(subject: NameParts = [['2.5.4.3', 'Test Root']], way = ecdsa) {
    this.#way = way;
    this.#keys = way.keys();
    this.#name = name(subject);
    this.certificate = this.#issue(this.#name, this.#keys.publicKey, { subject, serial: '01' }, [
      extension('2.5.29.19', sequence(tlv(1, Buffer.from([255]))), true),
    ]).pem;
  }

  issue(wish: CertificateWish): IssuedCertificate {
    const { publicKey, privateKey } = wish.keys ?? ecKeys();
    // Where they are all that names somebody, they are critical (RFC 5280 §4.2.1.6).
    const isAll = wish.subject.length === 0;
    const extensions = wish.names === undefined ? [] : [extension('2.5.29.17', alternatives(wish.names), isAll)];
    extensions.push(...(wish.extensions ?? []));
    const issued = this.#issue(name(wish.subject), publicKey, wish, extensions);
    return {
      der: issued.der,
      certificate: issued.pem,
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  /** A signed CRL in DER. */
  revoke(wish: ListWish): Buffer {
    const thisUpdate = wish.thisUpdate ?? new Date(Date.now() - HOUR_MS);
    const since = time(thisUpdate);
    const entries = Buffer.concat(wish.serials.map((serial) => sequence(integer(serial), since)));
    const fields = [integer('01'), this.#way.algorithm, this.#name, time(thisUpdate)];
    if (wish.nextUpdate !== 'never') fields.push(time(wish.nextUpdate ?? new Date(Date.now() + 24 * HOUR_MS)));
    if (entries.length > 0) fields.push(sequence(entries));
    if (wish.extensions !== undefined) fields.push(tlv(0xa0, sequence(...wish.extensions)));
    return this.#signed(sequence(...fields));
  }

  #issue(subject: Buffer, publicKey: KeyObject, wish: CertificateWish, extensions: readonly Buffer[]) {
    const validity = [
      wish.notBefore ?? new Date(Date.now() - HOUR_MS),
      wish.notAfter ?? new Date(Date.now() + 24 * HOUR_MS),
    ];
    const fields = [
      tlv(0xa0, integer('02')),
      integer(wish.serial ?? '0a'),
      this.#way.algorithm,
      this.#name,
      sequence(...validity.map(time)),
      subject,
      publicKey.export({ type: 'spki', format: 'der' }),
    ];
    if (extensions.length > 0) fields.push(tlv(0xa3, sequence(...extensions)));
    const der = this.#signed(sequence(...fields));
    return { der, pem: pem('CERTIFICATE', der) };
  }

  #signed(body: Buffer): Buffer {
    const signature = this.#way.sign(body, this.#keys.privateKey);
    return sequence(body, this.#way.algorithm, tlv(3, Buffer.from([0]), signature));
  }
}

export function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [tlv(1, Buffer.from([255]))] : [];
  return sequence(oid(id), ...flag, tlv(4, value));
}

function name(parts: NameParts): Buffer {
  return sequence(...parts.map((rdn) => set(...(isPart(rdn) ? [rdn] : rdn).map(attribute))));
}

function isPart(rdn: NamePart | readonly NamePart[]): rdn is NamePart {
  return typeof rdn[0] === 'string';
}

function attribute([type, value, tag = stringTags.utf8]: NamePart): Buffer {
  return sequence(oid(type), tlv(tag, typeof value === 'string' ? Buffer.from(value) : value));
}

function alternatives(names: readonly AlternativeName[]): Buffer {
  return sequence(
    ...names.map((one) => {
      if ('uri' in one) return tlv(0x86, typeof one.uri === 'string' ? Buffer.from(one.uri) : one.uri);
      return 'dns' in one ? tlv(0x82, Buffer.from(one.dns)) : tlv(0x81, Buffer.from(one.email));
    }),
  );
}
