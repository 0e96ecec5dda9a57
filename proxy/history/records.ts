import type { EndingLabel, RefusalLabel } from '../wire/close.js';
import type { FailureClass, Outcome } from '../wire/invocation.js';
import type { Identity } from '../x509/identity.js';

/** What every record has: its number in this process, from 1, by which records are ordered and followed. */
interface Numbered {
  readonly sequence: number;
}

/** One connection at a meetup, from its admission to its end. Times are milliseconds since the epoch. */
export interface Visit extends Numbered {
  /** uid of the peer. */
  readonly peer: string;
  readonly meetupId: string;
  readonly role: string;
  readonly rule: string;
  identity: Identity;
  readonly remote: string;
  /** Incarnation of the replica on which the client landed, where that is another one; else empty. */
  readonly via: string;
  readonly came: number;
  /** Claims of its HELLO, and uid of its session; empty before. */
  peerClass: string;
  peerId: string;
  session: string;
  /** When its pair was complete; undefined where nobody came to meet it. */
  met: number | undefined;
  /** When it went, and why; undefined while it is here. */
  went: number | undefined;
  label: EndingLabel | undefined;
  text: string;
}

/** Who was refused: by the service, which knows the certificate, or by the edge's TLS, which knows what it claims. */
export interface Refusal extends Numbered {
  /** Word of the table of endings, or `tls_handshake` where the edge ended the handshake. */
  readonly label: RefusalLabel | 'tls_handshake';
  /** HTTP status; 0 at the handshake. */
  readonly status: number;
  /** The reason in full, as it was the last time. */
  detail: string;
  /** Empty where none was read. */
  readonly meetupId: string;
  /** What was asked for: the request target, or the name of the server at the handshake. */
  readonly target: string;
  /** The verified certificate; undefined where there was none. */
  readonly identity: Identity | undefined;
  /** Subject and fingerprint; at the handshake those that the client claimed, which nobody verified. */
  readonly subject: string;
  readonly fingerprint: string;
  remote: string;
  /** The same again and again is one record: how often, and when first and last, milliseconds since the epoch. */
  times: number;
  readonly first: number;
  last: number;
}

/** One relayed invocation that ended. Times in milliseconds, sizes in bytes of whole messages. */
export interface KeptCall extends Numbered {
  readonly traceId: string;
  /** The span as a collector gets it, where it was sampled; its parent is empty where its trace begins with it. */
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly isSampled: boolean;
  /** Trace id that the request has, where peers are not trusted with it: the caller knows the call by this one. Else empty. */
  readonly claimedTraceId: string;
  readonly session: string;
  readonly meetupId: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly start: number;
  readonly method: string;
  /** Cut; without the query. */
  readonly path: string;
  /** Cut; values of secrets are replaced, as in spans. */
  readonly query: string;
  readonly status: number | undefined;
  readonly outcome: Outcome;
  readonly failure: FailureClass | undefined;
  /** Label of the ending, where the end of the session ended it. */
  readonly ending: string;
  /** In the proxy before the request left, at the peer, and in the proxy until the response had left. */
  readonly requestProxyMs: number;
  readonly peerMs: number;
  readonly responseProxyMs: number;
  /** Roles, and uids of the peers. */
  readonly requester: string;
  readonly responder: string;
  readonly requesterPeer: string;
  readonly responderPeer: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Longest text of a record, in characters: a peer's own words are cut to it. */
export const MAX_TEXT_CHARS = 256;

/** Bytes that V8 takes for the object of a record and its numbers, on the safe side. */
const OBJECT_BYTES = 320;
/** Bytes of a string besides its characters. */
const STRING_BYTES = 24;

/** Bytes that texts take, on the safe side: most are of one byte a character. */
export function bytesOfTexts(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + STRING_BYTES + 2 * text.length, 0);
}

export function bytesOfVisit({ peer, remote, via, rule, peerClass, peerId, session, text }: Visit): number {
  return OBJECT_BYTES + bytesOfTexts(peer, remote, via, rule, peerClass, peerId, session, text);
}

export function bytesOfRefusal({ detail, target, subject, fingerprint, remote }: Refusal): number {
  return OBJECT_BYTES + bytesOfTexts(detail, target, subject, fingerprint, remote);
}

export function bytesOfCall({ traceId, claimedTraceId, spanId, parentSpanId, method, path, query }: KeptCall): number {
  return OBJECT_BYTES + bytesOfTexts(traceId, claimedTraceId, spanId, parentSpanId, method, path, query);
}

export function bytesOfIdentity({ fingerprint, serial, subject, issuer, fields, uris, dns }: Identity): number {
  const values = fields.flatMap(({ type, value }) => [type, value]);
  return 2 * OBJECT_BYTES + bytesOfTexts(fingerprint, serial, subject, issuer, ...values, ...uris, ...dns);
}
