/**
 * The JSON form of `x-forwarded-client-cert` (Envoy: set_current_client_cert_details.format JSON). The text form is not read: it does
 * not quote URI SANs, so a SAN could write a subject.
 */

/** Longest header that is read, in characters. */
export const MAX_FORWARDED_CHARS = 16_384;
/** Most SANs of one kind. */
export const MAX_ALTERNATIVE_NAMES = 100;

export interface ForwardedCertificate {
  /** SHA-256 of the DER certificate, as sent. */
  readonly hash: string;
  /** RFC 4514 text, exact; empty when the certificate has no subject. */
  readonly subject: string;
  readonly uris: readonly string[];
  readonly dns: readonly string[];
}

/** Reads the header: a JSON array of exactly one certificate, which is the peer's own. The fault repeats nothing of the text. */
export function forwardedCertificate(text: string): { readonly ok: ForwardedCertificate } | { readonly fault: string } {
  const parsed = fromJson(text);
  if (!Array.isArray(parsed)) return { fault: 'not a JSON array' };
  if (parsed.length !== 1) return { fault: `${parsed.length} certificates where exactly one belongs` };
  const [one]: unknown[] = parsed;
  if (typeof one !== 'object' || one === null || Array.isArray(one)) return { fault: 'its element is not an object' };
  const { hash, subject = '', uri = [], dns = [] } = one as Readonly<Record<string, unknown>>;
  if (typeof hash !== 'string') return { fault: 'hash is not a string' };
  if (typeof subject !== 'string') return { fault: 'subject is not a string' };
  const fault = faultOfNames('uri', uri) ?? faultOfNames('dns', dns);
  return fault === undefined ? { ok: { hash, subject, uris: uri as string[], dns: dns as string[] } } : { fault };
}

/** The fault of a list of SANs, or undefined. SANs are IA5String, so every character must be ASCII. */
export function faultOfNames(what: string, names: unknown): string | undefined {
  if (!Array.isArray(names)) return `${what} is not a list`;
  if (names.length > MAX_ALTERNATIVE_NAMES) return `${what} has more than ${MAX_ALTERNATIVE_NAMES} entries`;
  for (const name of names) {
    if (typeof name !== 'string') return `${what} has an entry that is not a string`;
    if (/[^ -~]/.test(name)) return `${what} has a character outside printable ASCII`;
  }
  return undefined;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
