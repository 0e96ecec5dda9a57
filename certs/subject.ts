import { isIP } from 'node:net';
import { usageFailure } from './failure.js';

/** The holder of a certificate. At least one part is there. */
export interface Subject {
  /** Organisation. */
  readonly o?: string;
  /** Organisational unit. */
  readonly ou?: string;
  /** Common name. */
  readonly cn?: string;
}

/** The names beside the subject. */
export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
  /** One SPIFFE id at most, as X.509-SVID §2 asks. */
  readonly spiffe?: string;
}

/** Longest O, OU and CN, in characters (X.520 upper bounds). */
const MAX_SUBJECT_LENGTH = 64;
/** Longest SPIFFE id, in bytes (SPIFFE-ID §2.3). */
const MAX_SPIFFE_LENGTH = 2048;
/** Most DNS names, and most addresses, in one certificate. */
const MAX_NAMES = 100;

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST_NAME = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`, 'i');
const SPIFFE_ID = /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/[A-Za-z0-9._-]+)*$/;

/** @throws CertsFailure when a part is empty, too long, or has control characters */
export function parseSubject(subject: Subject): Subject {
  for (const [option, value] of Object.entries(subject)) {
    if (value === '' || value.length > MAX_SUBJECT_LENGTH || /\p{Cc}/u.test(value)) {
      throw usageFailure(`--${option} ${JSON.stringify(value)}: give 1 to ${MAX_SUBJECT_LENGTH} printable characters`);
    }
  }
  return subject;
}

/** @throws CertsFailure with the first name that is malformed */
export function parseNames(names: AlternativeNames): AlternativeNames {
  for (const list of [names.dns, names.ip]) {
    if (list.length > MAX_NAMES) throw usageFailure(`${list.length} names of one kind; give at most ${MAX_NAMES}`);
  }
  for (const name of names.dns) {
    if (!HOST_NAME.test(name) || name.length > 253) {
      throw usageFailure(
        `--dns ${JSON.stringify(name)}: not a host name; write it in ASCII (punycode), without a port`,
      );
    }
  }
  for (const address of names.ip) {
    if (isIP(address) === 0) throw usageFailure(`--ip ${JSON.stringify(address)}: not an IPv4 or IPv6 address`);
  }
  if (names.spiffe !== undefined) checkSpiffe(names.spiffe);
  return names;
}

function checkSpiffe(id: string): void {
  const dotted = id.split('/').some((segment) => segment === '.' || segment === '..');
  if (!SPIFFE_ID.test(id) || dotted || id.length > MAX_SPIFFE_LENGTH) {
    throw usageFailure(`--spiffe ${JSON.stringify(id)}: not a SPIFFE id; write spiffe://TRUST-DOMAIN/PATH`);
  }
}
