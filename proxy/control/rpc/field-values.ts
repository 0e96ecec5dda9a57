import type { Duration__Output } from '../generated/google/protobuf/Duration.js';
import { badField } from './fault.js';

/** Longest reason, bytes: a close frame has 123, and `kicked by an operator: ` comes first. */
const MAX_REASON_TEXT_BYTES = 100;
/** Longest subject of a selector, bytes. */
const MAX_SUBJECT_BYTES = 1024;
/** Longest resource name that is read, characters. */
const MAX_NAME_CHARS = 128;
const REQUEST_ID = /^[A-Za-z0-9._-]{0,64}$/;

/** Reads the id in a resource name `collection/{id}` (AIP-122). Throws Fault when the field does not have that form. */
export function idIn(name: string, collection: string): string {
  const id = name.startsWith(`${collection}/`) ? name.slice(collection.length + 1) : '';
  if (id === '' || id.includes('/') || name.length > MAX_NAME_CHARS) {
    throw badField('name', `must be ${collection}/{uid}`);
  }
  return id;
}

/** Reads the reason of an operator's order, which peers and the audit see. Throws Fault. */
export function reasonIn(text: string): string {
  const reason = text.trim();
  if (reason === '') throw badField('reason', 'is needed: the peer and the audit see it');
  return bounded('reason', reason, MAX_REASON_TEXT_BYTES);
}

/** Reads a fingerprint as 64 lower-case hex digits, undefined when empty. Throws Fault. */
export function fingerprintIn(text: string): string | undefined {
  if (text === '') return undefined;
  const digits = text.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw badField('fingerprint', 'must be a SHA-256: 64 hex digits, colons allowed');
  return digits;
}

/** Reads a subject, undefined when empty. Throws Fault. */
export function subjectIn(text: string): string | undefined {
  return text === '' ? undefined : bounded('subject', text, MAX_SUBJECT_BYTES);
}

/** Reads a request id, empty when not given. Throws Fault. */
export function requestIdIn(text: string): string {
  if (!REQUEST_ID.test(text)) throw badField('request_id', 'must be at most 64 characters of A-Z a-z 0-9 . _ -');
  return text;
}

/** Returns a field's duration in milliseconds, undefined when absent. Throws Fault when it is outside the bounds (milliseconds). */
export function durationWithin(
  field: string,
  value: Duration__Output | null,
  least: number,
  most: number,
): number | undefined {
  if (value === null) return undefined;
  const ms = Number(value.seconds) * 1000 + value.nanos / 1e6;
  if (ms < least || ms > most) throw badField(field, `must be from ${least / 1000} s to ${most / 1000} s`);
  return ms;
}

function bounded(field: string, text: string, bytes: number): string {
  if (Buffer.byteLength(text) > bytes) throw badField(field, `must be at most ${bytes} bytes`);
  if (/\p{Cc}/u.test(text)) throw badField(field, 'must not have control characters');
  return text;
}
