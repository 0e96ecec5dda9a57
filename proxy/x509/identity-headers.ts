import { forwardedCertificate, MAX_FORWARDED_CHARS } from './forwarded-certificate.js';
import type { Identity } from './identity.js';
import { type DistinguishedName, formatName, MAX_NAME_CHARS, parseName } from './names/distinguished-name.js';
import { fieldsOf } from './names/subject-fields.js';

/** The headers by which Envoy forwards the verified certificate, each with the longest value that is read, in characters. */
const bounds = {
  'x-forwarded-client-cert': MAX_FORWARDED_CHARS,
  'x-peer-subject': MAX_NAME_CHARS,
  'x-peer-issuer': MAX_NAME_CHARS,
  'x-peer-serial': 64,
  'x-peer-fingerprint': 64,
  'x-peer-not-after': 12,
} as const;

type Header = keyof typeof bounds;
type Headers = Readonly<Record<Header, string>>;

/** The headers of the identity, in lower case; an edge must strip every copy that a client sent. */
export const IDENTITY_HEADERS = Object.keys(bounds) as readonly Header[];

export type ForwardedIdentity =
  | { readonly ok: Identity }
  | {
      readonly refused: 'identity_missing' | 'identity_malformed';
      readonly detail: string;
      /** What the client is told beside the reason, where it says nothing of what an edge forwarded. */
      readonly told?: string;
    };

/**
 * Why an Envoy with its own settings cannot be the edge, and what to do. The text form of its one header does not quote URI SANs, may be the
 * client's own, and lacks what revocation needs, so no part of it is read.
 */
const FOREIGN_EDGE =
  'only x-forwarded-client-cert came, as the Envoy of a mesh writes it: have the mesh pass TLS through to the Envoy of ws-proxy (docs/mesh.md)';

/**
 * Reads the identity from the header list of a request (`rawHeaders`: names and values in turn, repeats kept). The one hop in front
 * must send each header exactly once. A header that is missing, repeated or odd means that this hop is not our edge, so nobody gets in.
 * The detail names the header and the fault and repeats no value. Throws nothing.
 */
export function identityFrom(rawHeaders: readonly string[]): ForwardedIdentity {
  const found = collect(rawHeaders);
  if ([...found.values()].flat().every((value) => value === '' || value === '-')) {
    return { refused: 'identity_missing', detail: 'the edge forwarded no client certificate' };
  }
  if (isForeign(found)) return { refused: 'identity_malformed', detail: FOREIGN_EDGE, told: FOREIGN_EDGE };
  const headers = single(found);
  if ('fault' in headers) return malformed(headers.fault);
  const read = identityOf(headers.ok);
  return 'fault' in read ? malformed(read.fault) : read;
}

function malformed(detail: string): ForwardedIdentity {
  return { refused: 'identity_malformed', detail };
}

/** Whether somebody wrote the header that every Envoy can write, and nobody those of our edge. */
function isForeign(found: ReadonlyMap<Header, readonly string[]>): boolean {
  return [...found].every(
    ([name, values]) => name === 'x-forwarded-client-cert' || values.every((value) => value === ''),
  );
}

function collect(rawHeaders: readonly string[]): ReadonlyMap<Header, string[]> {
  const found = new Map<Header, string[]>(IDENTITY_HEADERS.map((name) => [name, []]));
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    const value = rawHeaders[i + 1];
    if (value !== undefined && isIdentityHeader(name)) found.get(name)?.push(value);
  }
  return found;
}

/** Whether a name is the lower-case name of one of the identity headers. */
export function isIdentityHeader(name: string): name is Header {
  return Object.hasOwn(bounds, name);
}

function single(found: ReadonlyMap<Header, string[]>): { readonly ok: Headers } | { readonly fault: string } {
  const headers: Partial<Record<Header, string>> = {};
  for (const [name, [value, ...more]] of found) {
    if (value === undefined) return { fault: `${name}: missing` };
    if (more.length > 0) return { fault: `${name}: sent more than once` };
    if (value.length > bounds[name]) return { fault: `${name}: longer than ${bounds[name]} characters` };
    if (/[^ -~]/.test(value)) return { fault: `${name}: has a character outside printable ASCII` };
    headers[name] = value;
  }
  return { ok: headers as Headers };
}

function identityOf(headers: Headers): { readonly ok: Identity } | { readonly fault: string } {
  const fingerprint = headers['x-peer-fingerprint'];
  if (!/^[0-9a-f]{64}$/.test(fingerprint)) return { fault: 'x-peer-fingerprint: not 64 lower-case hex digits' };
  const serial = headers['x-peer-serial'];
  if (!/^[0-9a-f]+$/.test(serial)) return { fault: 'x-peer-serial: not lower-case hex digits' };
  const notAfter = headers['x-peer-not-after'];
  if (!/^-?\d+$/.test(notAfter)) return { fault: 'x-peer-not-after: not a whole number of seconds' };

  const forwarded = forwardedCertificate(headers['x-forwarded-client-cert']);
  if ('fault' in forwarded) return { fault: `x-forwarded-client-cert: ${forwarded.fault}` };
  const { hash, subject, uris, dns } = forwarded.ok;
  if (hash !== fingerprint) return { fault: 'x-forwarded-client-cert: its hash is not x-peer-fingerprint' };
  if (trimmed(subject) !== headers['x-peer-subject']) {
    return { fault: 'x-forwarded-client-cert: its subject is not x-peer-subject' };
  }

  const name = parseName(subject);
  if ('fault' in name) return { fault: `x-forwarded-client-cert: its subject has ${name.fault}` };
  const issuer = issuerOf(headers['x-peer-issuer']);
  if ('fault' in issuer) return { fault: `x-peer-issuer: ${issuer.fault}` };
  return {
    ok: {
      fingerprint,
      serial: serial.replace(/^0+(?=.)/, ''),
      notAfter: Number(notAfter),
      subject,
      fields: fieldsOf(name.ok),
      issuer: formatName(issuer.ok),
      uris,
      dns,
    },
  };
}

/** HTTP drops spaces at the end of a header, even a space that a backslash keeps in a name; the JSON keeps it. */
function trimmed(subject: string): string {
  return subject.replace(/ +$/, '');
}

/**
 * Reads the issuer, which comes as a header only. HTTP may have cut off a last, escaped space, which leaves a lone backslash. No other
 * end of a name looks like this, so the space is put back.
 */
function issuerOf(header: string): { readonly ok: DistinguishedName } | { readonly fault: string } {
  const backslashes = /\\*$/.exec(header)?.[0].length ?? 0;
  const name = parseName(backslashes % 2 === 1 ? `${header} ` : header);
  if ('fault' in name) return name;
  return name.ok.length === 0 ? { fault: 'empty' } : name;
}
