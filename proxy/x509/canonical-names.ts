import type { Identity } from './identity.js';
import { type DistinguishedName, parseName } from './names/distinguished-name.js';
import { canonicalName } from './names/subject-fields.js';

/** An identity's names, each in the one text that equal names share. */
export interface CanonicalNames {
  readonly subject: string;
  readonly issuer: string;
}

const known = new WeakMap<Identity, CanonicalNames>();

/** The names to compare an identity by; made once for each identity. */
export function canonicalNames(identity: Identity): CanonicalNames {
  const before = known.get(identity);
  if (before !== undefined) return before;
  const names = { subject: canonicalText(identity.subject), issuer: canonicalText(identity.issuer) };
  known.set(identity, names);
  return names;
}

/** Texts in an identity were parsed when it was made; what is no name after all stays as it is and equals no name. */
function canonicalText(text: string): string {
  const read: { readonly ok: DistinguishedName } | { readonly fault: string } = parseName(text);
  return 'ok' in read ? canonicalName(read.ok) : text;
}
