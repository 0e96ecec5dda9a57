import type { Memory } from '../../history/memory.js';
import type { Identity } from '../../x509/identity.js';
import type { ExplainAccessRequest__Output } from '../generated/micronets/wsproxy/control/v1/ExplainAccessRequest.js';
import { badField, type Fault, notFound } from '../rpc/fault.js';
import { fingerprintIn } from '../rpc/field-values.js';

/** Most certificates that a failure names. */
const MAX_NAMED = 5;

/** The certificate that a request means by what is remembered; undefined where the request means it otherwise. Throws Fault. */
export function rememberedIn(
  memory: Memory | undefined,
  request: ExplainAccessRequest__Output,
): { readonly identity: Identity } | undefined {
  const { subject_part: part = '', last_refused: isLast, meetup_id: meetup } = request;
  const fingerprint = fingerprintIn(request.fingerprint ?? '');
  if (isLast === true) return { identity: lastRefused(memory, meetup) };
  if (fingerprint !== undefined) {
    return { identity: theOne(memory, 'fingerprint', fingerprint, (one) => one.fingerprint === fingerprint) };
  }
  if (part === '') return undefined;
  const wanted = part.toLowerCase();
  return { identity: theOne(memory, 'subject_part', part, ({ subject }) => subject.toLowerCase().includes(wanted)) };
}

function theOne(
  memory: Memory | undefined,
  field: string,
  text: string,
  fits: (identity: Identity) => boolean,
): Identity {
  const found = memory?.identities(fits) ?? [];
  const [only] = found;
  if (only === undefined) throw notFound('Peer', text.slice(0, 128), `no certificate of this ${field} is remembered`);
  if (found.length === 1) return only;
  throw ambiguous(field, found);
}

/** The failure of a request that means more than one certificate. */
export function ambiguous(field: string, found: readonly Pick<Identity, 'subject' | 'fingerprint'>[]): Fault {
  const named = found.slice(0, MAX_NAMED).map((one) => `${one.subject} (${one.fingerprint})`);
  const more = found.length > named.length ? `, and ${found.length - named.length} more` : '';
  return badField(
    field,
    `fits ${found.length} certificates; give more of it, or a fingerprint: ${named.join(', ')}${more}`,
  );
}

/** The verified certificate that was last refused at a meetup. */
function lastRefused(memory: Memory | undefined, meetup: string): Identity {
  const refusals = memory?.of(meetup)?.refusals.items ?? [];
  const last = refusals.filter(({ identity }) => identity !== undefined).toSorted((a, b) => b.last - a.last)[0];
  if (last?.identity !== undefined) return last.identity;
  throw noneRefusedAt(meetup);
}

/** The failure of a request for who was last refused at a meetup where nobody was. */
export function noneRefusedAt(meetup: string): Fault {
  return notFound(
    'Peer',
    meetup,
    'no certificate is remembered that was refused at this meetup; one that the edge ended the handshake of is in ListRefusals',
  );
}
