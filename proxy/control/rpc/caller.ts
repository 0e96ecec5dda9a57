import { status as Code, type Metadata } from '@grpc/grpc-js';
import type { ControlRights, Rights } from '../../policy/rules/rights.js';
import type { Clock } from '../../ports/clock.js';
import { hasExpired, type Identity } from '../../x509/identity.js';
import { Fault } from './fault.js';
import { heldRights, holds, isOpenToTheEdge, neededRight, type Right } from './rights.js';

/** The identity behind a call, and its rights. */
export interface Caller {
  readonly identity: Identity;
  readonly grant: Rights;
}

/** Reads the identity that the edge forwarded from a header list (names and values in turn, repeats kept). Throws nothing. */
export type IdentityReader = (
  rawHeaders: readonly string[],
) =>
  | { readonly ok: Identity }
  | { readonly refused: 'identity_missing' | 'identity_malformed'; readonly detail: string };

/** Decides by the identity that the edge forwarded, and by the policy at this moment, whether a call may go on. */
export class Gate {
  readonly #read: IdentityReader;
  readonly #rights: ControlRights;
  readonly #clock: Clock;

  constructor(read: IdentityReader, rights: ControlRights, clock: Clock) {
    this.#read = read;
    this.#rights = rights;
    this.#clock = clock;
  }

  /** Returns the identity in a call's metadata. Throws Fault (UNAUTHENTICATED). */
  identify(metadata: Metadata): Identity {
    const reading = this.#read(rawHeaders(metadata));
    if ('ok' in reading) return reading.ok;
    if (reading.refused === 'identity_missing') {
      throw new Fault(
        Code.UNAUTHENTICATED,
        'IDENTITY_MISSING',
        'the edge forwarded no verified client certificate: connect through it, with a certificate',
      );
    }
    throw new Fault(
      Code.UNAUTHENTICATED,
      'IDENTITY_MALFORMED',
      `the forwarded identity is not valid: ${reading.detail}`,
    );
  }

  /** Returns the caller when it has the right that the call needs. Throws Fault (UNAUTHENTICATED, PERMISSION_DENIED). */
  admit(path: string, identity: Identity): Caller {
    const { notAfter } = identity;
    if (hasExpired(notAfter, this.#clock.now())) {
      const when = new Date(notAfter * 1000).toISOString();
      throw new Fault(Code.UNAUTHENTICATED, 'CERTIFICATE_EXPIRED', `${called(identity)} expired at ${when}`);
    }
    const grant = this.#rights.rightsOf(identity);
    const needed = neededRight(path);
    if (needed === undefined || !holds(grant, needed)) throw denied({ identity, grant }, needed, path);
    return { identity, grant };
  }

  /** Throws Fault (PERMISSION_DENIED) unless the caller has a further right. */
  demand(caller: Caller, right: Right, purpose: string): void {
    if (!holds(caller.grant, right)) throw denied(caller, right, purpose);
  }

  /** Tells whether the edge makes this call for itself. */
  isEdge(path: string, metadata: Metadata): boolean {
    if (!isOpenToTheEdge(path)) return false;
    const reading = this.#read(rawHeaders(metadata));
    return 'refused' in reading && reading.refused === 'identity_missing';
  }
}

function denied({ identity, grant }: Caller, needed: Right | undefined, what: string): Fault {
  const call = what.slice(what.lastIndexOf('/') + 1);
  const held = heldRights(grant);
  const has = held.length === 0 ? 'no right at all' : `only ${held.join(', ')}`;
  const right = needed ?? 'none that exists';
  const { subject, fingerprint } = identity;
  return new Fault(
    Code.PERMISSION_DENIED,
    'RIGHT_MISSING',
    `${called(identity)} lacks the right "${right}" that ${call} needs; it has ${has}. ` +
      'Rights are given in the section "control" of the policy file.',
    { particulars: { right, call, subject, fingerprint, held: held.join(',') } },
  );
}

function called({ subject, fingerprint }: Identity): string {
  return `the certificate ${subject === '' ? 'without a subject' : `"${subject}"`} (SHA-256 ${fingerprint.slice(0, 16)}…)`;
}

function rawHeaders(metadata: Metadata): string[] {
  const headers: string[] = [];
  for (const name of Object.keys(metadata.getMap())) {
    for (const value of metadata.get(name)) if (typeof value === 'string') headers.push(name, value);
  }
  return headers;
}
