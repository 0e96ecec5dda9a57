import { DerFault } from '../proxy/wire/der.js';
import { decodeOid, readElements } from './der.js';

/**
 * Short names of attribute types, as OpenSSL and Envoy write them; others are written as dotted OIDs with their value in hex.
 * (RFC 4514 §3 names nine of these; the rest are OpenSSL's.)
 */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'street'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.13', 'description'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.46', 'dnQualifier'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
]);

/** How the ASN.1 string types turn into text; a value of any other type is shown as hex. */
const STRING_DECODERS: ReadonlyMap<number, (content: Uint8Array) => string> = new Map([
  [0x0c, (content: Uint8Array) => Buffer.from(content).toString('utf8')],
  [0x12, latin1],
  [0x13, latin1],
  [0x14, latin1],
  [0x16, latin1],
  [0x1a, latin1],
  [0x1c, utf32],
  [0x1e, utf16],
]);

/**
 * A DER name as RFC 4514 text, most specific part first, exactly as Envoy writes it in `x-forwarded-client-cert` (OpenSSL's
 * `RFC2253` form: non-ASCII as `\C4\8D`). What `certs show` prints can therefore be pasted into a policy.
 */
export function formatName(der: Uint8Array): string {
  const [name] = readElements(der);
  if (name === undefined) return '';
  return readElements(name.content)
    .reverse()
    .map((part) => readElements(part.content).map(formatAttribute).reverse().join('+'))
    .join(',');
}

function formatAttribute(attribute: { readonly content: Uint8Array }): string {
  const [type, value] = readElements(attribute.content);
  if (type === undefined || value === undefined) throw new DerFault('DER: a name with a part that is cut short');
  const oid = decodeOid(type.content);
  const short = SHORT_NAMES.get(oid);
  const decode = STRING_DECODERS.get(value.tag);
  if (short === undefined || decode === undefined) {
    return `${short ?? oid}=#${Buffer.from(value.encoded).toString('hex').toUpperCase()}`;
  }
  return `${short}=${escapeValue(decode(value.content))}`;
}

function escapeValue(value: string): string {
  const bytes = Buffer.from(value, 'utf8');
  return Array.from(bytes, (byte, at) => escapeByte(byte, at === 0, at === bytes.length - 1)).join('');
}

function escapeByte(byte: number, first: boolean, last: boolean): string {
  const character = String.fromCharCode(byte);
  if (byte < 0x20 || byte > 0x7e) return `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  if (',+"\\<>;'.includes(character)) return `\\${character}`;
  if (character === '#' && first) return '\\#';
  if (character === ' ' && (first || last)) return '\\ ';
  return character;
}

function latin1(content: Uint8Array): string {
  return Buffer.from(content).toString('latin1');
}

function utf32(content: Uint8Array): string {
  const bytes = Buffer.from(content);
  const points = Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readUInt32BE(at * 4));
  return points.map((point) => (point > 0x10ffff ? '\uFFFD' : String.fromCodePoint(point))).join('');
}

function utf16(content: Uint8Array): string {
  const even = Buffer.from(content.subarray(0, content.length - (content.length % 2)));
  return even.swap16().toString('utf16le');
}
