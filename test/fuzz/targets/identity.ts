import { isDeepStrictEqual } from 'node:util';
import { forwardedCertificate } from '../../../proxy/x509/forwarded-certificate.js';
import { IDENTITY_HEADERS, identityFrom } from '../../../proxy/x509/identity-headers.js';
import { KnownIdentities } from '../../../proxy/x509/known-identities.js';
import { formatName, MAX_NAME_CHARS, parseName } from '../../../proxy/x509/names/distinguished-name.js';
import { broken, parser } from '../target.js';
import { IDENTITY_WORDS, JSON_WORDS, NAME_WORDS } from './words.js';

/** A name that is written out and read again is the same name. */
export const name = parser('name', NAME_WORDS, (input) => {
  const read = parseName(input.toString());
  if (!('ok' in read)) return;
  const written = formatName(read.ok);
  // Escapes make it longer, and what is too long is read by nobody.
  if (written.length > MAX_NAME_CHARS) return;
  const again = parseName(written);
  if (!('ok' in again) || !isDeepStrictEqual(again.ok, read.ok)) broken('written out it is another name');
});

/** The certificate's JSON gives texts, or a fault that repeats none of it. */
export const forwarded = parser(
  'forwarded',
  [...JSON_WORDS, '"hash":', '"subject":', '"uri":[', '"dns":['],
  (input) => {
    const read = forwardedCertificate(input.toString('latin1'));
    if ('fault' in read) return;
    const { hash, subject, uris, dns } = read.ok;
    if ([hash, subject, ...uris, ...dns].some((text) => typeof text !== 'string')) broken('something of it is no text');
  },
);

const known = new KnownIdentities();

/** Header lines in, an identity out: of each header there was exactly one, and it is what the identity says. */
export const identity = parser('identity', [...IDENTITY_WORDS, ...NAME_WORDS], (input) => {
  const raw = linesOf(input);
  const read = identityFrom(raw);
  if (!isDeepStrictEqual(known.read(raw), read)) broken('a remembered identity is another');
  if (!('ok' in read)) {
    if (read.detail.length > 200) broken('the reason repeats what was sent');
    return;
  }
  const names = raw.filter((_, at) => at % 2 === 0).map((one) => one.toLowerCase());
  for (const header of IDENTITY_HEADERS) {
    if (names.filter((one) => one === header).length !== 1) broken(`${header} was there more than once`);
  }
  if (!raw.includes(read.ok.fingerprint)) broken('the fingerprint is from nowhere');
});

/** Names and values in turn, as Node's parser hands them over: without spaces at the ends. */
function linesOf(input: Buffer): string[] {
  return input
    .toString('latin1')
    .split('\n')
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
}
