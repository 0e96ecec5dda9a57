import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { IDENTITY_HEADERS } from '../../proxy/x509/identity-headers.js';
import type { Question } from './ask.js';
import type { Door } from './door.js';

/**
 * An identity that nobody has, in all the headers by which the edge tells the service who asks. It expired in 1970: where it is believed
 * the service says `certificate_expired`, and lets nobody in by it.
 */
const NOBODY: OutgoingHttpHeaders = {
  'x-forwarded-client-cert': JSON.stringify([{ hash: '0'.repeat(64), subject: 'CN=nobody,O=forged' }]),
  'x-peer-subject': 'CN=nobody,O=forged',
  'x-peer-issuer': 'CN=nobody,O=forged',
  'x-peer-serial': 'd0c',
  'x-peer-fingerprint': '0'.repeat(64),
  'x-peer-not-after': '1',
};

/** A value that no identity header can hold: if any of it arrives, the service answers `identity_malformed`. */
const GARBAGE = 'forged by ws-proxy doctor';

/** The three ways of asking whose answers are compared. */
export type Try = 'honest' | 'nobody' | 'garbage';

/** A request with that try's headers, at a place of its own: a meetup that nobody else is at, or what a viewer may read. */
export function forgedQuestion(door: Door, headers: OutgoingHttpHeaders): Question {
  const { view, pathPrefix } = door.plan;
  if (view === 'operator') return { path: '/v1/info', headers };
  return { path: `${pathPrefix}doctor/${randomUUID()}`, headers, upgrade: true };
}

/** The headers of a try. */
export const FORGERIES: Readonly<Record<Try, OutgoingHttpHeaders>> = {
  honest: {},
  nobody: NOBODY,
  garbage: Object.fromEntries(IDENTITY_HEADERS.map((name) => [name, GARBAGE])),
};

/** One header forged alone, for each of them. */
export const SINGLE_FORGERIES: readonly (readonly [name: string, headers: OutgoingHttpHeaders])[] =
  IDENTITY_HEADERS.map((name) => [name, { [name]: GARBAGE }]);
