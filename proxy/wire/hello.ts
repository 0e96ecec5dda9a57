import { isUtf8 } from 'node:buffer';

/** CONN:HELLO, the first message of every peer [HELLO-1]. Its fields are claims for the other peer and for people, never an identity. */
export interface Hello {
  /** The kind of program. */
  readonly peerClass: string;
  /** Which one of its kind. */
  readonly peerId: string;
  /** The peer only asks, and sends again what a drain did not take of it: a drain may stop reading it [HELLO-6]. */
  readonly resends?: true;
}

/** Longest peerClass or peerId, in characters. */
export const MAX_CLAIM_CHARS = 256;

export type HelloReading = { readonly ok: Hello } | { readonly refused: string };

/**
 * Reads a first message [HELLO-2], which came as text or binary. `maxBytes` bounds it before any parsing. Unknown fields belong to the
 * peers and are ignored. Throws nothing.
 */
export function readHello(data: Buffer, maxBytes: number): HelloReading {
  if (data.length > maxBytes) return { refused: `it is longer than ${maxBytes} bytes` };
  // The HELLO is passed on as text, and a binary message has not been checked for UTF-8 yet.
  if (!isUtf8(data)) return { refused: 'it is not UTF-8' };
  const message = messageOf(data);
  if (message === undefined) return { refused: 'it is not a JSON object with a "message" object' };
  if (message['messageType'] !== 'CONN:HELLO') return { refused: 'messageType is not CONN:HELLO' };
  if (!isMessageId(message['messageId'])) return { refused: 'messageId is neither a string nor an integer' };
  if (typeof message['requiresResponse'] !== 'boolean') return { refused: 'requiresResponse is not true or false' };
  const { peerClass, peerId, resends } = message;
  if (!isClaim(peerClass)) return { refused: `peerClass is not text of 1 to ${MAX_CLAIM_CHARS} characters` };
  if (!isClaim(peerId)) return { refused: `peerId is not text of 1 to ${MAX_CLAIM_CHARS} characters` };
  return { ok: { peerClass, peerId, ...(resends === true && { resends }) } };
}

/** The `message` object of an envelope that is parsed whole; undefined when there is none. */
export function messageOf(data: Buffer): Record<string, unknown> | undefined {
  try {
    const envelope: unknown = JSON.parse(data.toString('utf8'));
    return isObject(envelope) && isObject(envelope['message']) ? envelope['message'] : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value of JSON is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value can be a messageId: old documents write it as a string, every deployed client writes an integer [MSG-2]. */
export function isMessageId(value: unknown): boolean {
  return Number.isInteger(value) || (typeof value === 'string' && value !== '' && value.length <= MAX_CLAIM_CHARS);
}

/** Whether a value can be a peerClass or peerId. */
export function isClaim(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_CLAIM_CHARS;
}
