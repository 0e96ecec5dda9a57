import { createHash } from 'node:crypto';

/** Names of one fleet in NATS. Fleets of different names may share a NATS: none sees anything of another. */
export interface Names {
  /** The stream of claims and of the records of those who claim. */
  readonly claims: string;
  /** The stream of blocks. */
  readonly blocks: string;
  /** Where answers to this fleet's requests go. */
  readonly inbox: string;
  readonly claim: (meetupId: string) => string;
  readonly replica: (incarnation: string) => string;
  readonly alive: (incarnation: string) => string;
  readonly block: (uid: string) => string;
  /** The subjects of a kind, for streams and permissions. */
  readonly all: (kind: Kind) => string;
  /** What stands behind the kind in a subject of this fleet; undefined for another subject. */
  readonly rest: (kind: Kind, subject: string) => string | undefined;
}

/** The second token of a subject. */
export type Kind = 'claim' | 'replica' | 'alive' | 'block';

/** The form of a fleet's name: it is a token of subjects and, in upper case, the beginning of the streams' names. */
export const CLUSTER_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** The names of the fleet `cluster`, which must have the form of CLUSTER_NAME. */
export function namesOf(cluster: string): Names {
  const stream = (table: string): string => `${cluster.toUpperCase()}_${table}`;
  const subject = (kind: Kind, rest: string): string => `${cluster}.${kind}.${rest}`;
  return {
    claims: stream('CLAIMS'),
    blocks: stream('BLOCKS'),
    inbox: `_INBOX.${cluster}`,
    claim: (meetupId) => subject('claim', claimKey(meetupId)),
    replica: (incarnation) => subject('replica', tokenOf(incarnation)),
    alive: (incarnation) => subject('alive', tokenOf(incarnation)),
    block: (uid) => subject('block', tokenOf(uid)),
    all: (kind) => subject(kind, '*'),
    rest(kind, text) {
      const head = subject(kind, '');
      return text.startsWith(head) ? textOf(text.slice(head.length)) : undefined;
    },
  };
}

/**
 * The key of a meetup's claim: half of a SHA-256. Meetup ids hold characters that subjects may not, and name subscribers and devices, which
 * need not be read in NATS by everybody who may. Two ids with one key would be served by one replica, each as a meetup of its own.
 */
function claimKey(meetupId: string): string {
  return createHash('sha256').update(meetupId).digest('hex').slice(0, CLAIM_KEY_DIGITS);
}

const CLAIM_KEY_DIGITS = 32;

/** Writes a text as one token of a subject: what is not a letter, a digit, `-` or `_` becomes `=` and two hex digits for each byte. */
export function tokenOf(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : escaped(byte)))
    .join('');
}

/** Reads such a token back. */
export function textOf(token: string): string {
  const bytes = token.replace(/=([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function isPlain(byte: number): boolean {
  return /[A-Za-z0-9_-]/.test(String.fromCharCode(byte));
}

function escaped(byte: number): string {
  return `=${byte.toString(16).padStart(2, '0')}`;
}
