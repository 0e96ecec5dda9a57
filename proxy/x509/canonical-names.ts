import type { Identity } from './identity.js';
import { type DistinguishedName, parseName } from './names/distinguished-name.js';
import { canonicalName } from './names/subject-fields.js';

/** The names of an identity, each as the one text that all spellings of the name share. */
export interface CanonicalNames {
  readonly subject: string;
  readonly issuer: string;
}

const known = new WeakMap<Identity, CanonicalNames>();

/** Makes the names by which an identity is compared; they are made once for each identity. */
export function canonicalNames(identity: Identity): CanonicalNames {
  const before = known.get(identity);
  if (before !== undefined) return before;
  const names = { subject: canonicalText(identity.subject), issuer: canonicalText(identity.issuer) };
  known.set(identity, names);
  return names;
}

/** A text in an identity parsed well when the identity was made. A text that does not parse here stays as it is and equals no name. */
function canonicalText(text: string): string {
  const read: { readonly ok: DistinguishedName } | { readonly fault: string } = parseName(text);
  return 'ok' in read ? canonicalName(read.ok) : text;
}
