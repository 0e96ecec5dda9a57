import type { Body } from './body.js';
import { uncarry } from './carried-body.js';
import type { Form } from './form.js';
import type { MessageId } from './outgoing.js';
import { type MessageFault, type RestRequest, type RestResponse, readRequest, readResponse } from './rest.js';

/** An event of the other peer. */
export interface PeerEvent {
  /** Empty for an event of one part, `EVENT:<name>`. */
  readonly namespace: string;
  /** What follows the namespace, further colons included. */
  readonly name: string;
  /** Its content. */
  readonly body: Body;
}

/** A message of the other peer, sorted by the work that it makes. */
export type PeerMessage =
  | {
      readonly kind: 'request';
      readonly messageId: MessageId;
      readonly requiresResponse: boolean;
      readonly request: RestRequest | MessageFault;
    }
  | { readonly kind: 'response'; readonly inResponseTo: MessageId; readonly response: RestResponse | MessageFault }
  | { readonly kind: 'event'; readonly event: PeerEvent }
  /** A message of the peers' own, such as `DPP:…`, or binary, or no envelope at all: only observers of raw messages look at it. */
  | { readonly kind: 'other' };

/** Sorts a message of a peer that writes this form; never throws. */
export function readIncoming(data: Buffer, binary: boolean, form: Form): PeerMessage {
  if (binary) return { kind: 'other' };
  const text = data.toString('utf8');
  const fields = fieldsOf(text);
  const type = fields?.['messageType'];
  if (fields === undefined || typeof type !== 'string') return { kind: 'other' };
  if (type === 'REST:REQUEST') return requestOf(fields, text, form);
  if (type === 'REST:RESPONSE') return responseOf(fields, text, form);
  if (type.startsWith('EVENT:')) return eventOf(type, fields, text, form);
  return { kind: 'other' };
}

type Fields = Readonly<Record<string, unknown>>;

function requestOf(fields: Fields, text: string, form: Form): PeerMessage {
  const { messageId, requiresResponse } = fields;
  if (!isMessageId(messageId)) return { kind: 'other' };
  const request = readRequest(fields, text, form);
  return { kind: 'request', messageId, requiresResponse: requiresResponse !== false, request };
}

function responseOf(fields: Fields, text: string, form: Form): PeerMessage {
  const { inResponseTo } = fields;
  if (!isMessageId(inResponseTo)) return { kind: 'other' };
  return { kind: 'response', inResponseTo, response: readResponse(fields, text, form) };
}

/** The name is what follows the second colon, further colons included; with one colon there is no namespace. */
function eventOf(type: string, fields: Fields, text: string, form: Form): PeerMessage {
  const [, namespace = '', rest, only] = /^EVENT:(?:([^:]+):(.+)|([^:]+))$/s.exec(type) ?? [];
  const name = rest ?? only;
  if (name === undefined) return { kind: 'other' };
  const body = uncarry(fields, text, 'event', form);
  return 'fault' in body ? { kind: 'other' } : { kind: 'event', event: { namespace, name, body } };
}

function fieldsOf(text: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return record(record(parsed)?.['message']);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function isMessageId(value: unknown): value is MessageId {
  return Number.isInteger(value) || (typeof value === 'string' && value !== '');
}
