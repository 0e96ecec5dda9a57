import { messageOf } from '../../wire/hello.js';
import type { TappedMessage } from '../generated/micronets/wsproxy/control/v1/TappedMessage.js';

/** Longest message whose envelope a tap reads, bytes. */
export const MAX_TAPPED_ENVELOPE_BYTES = 65_536;
/** Longest text of an envelope that a tap shows, characters. */
const MAX_TOLD_CHARS = 256;

/** The fields of an envelope that a tap shows. */
export type EnvelopeFields = Pick<
  TappedMessage,
  | 'message_type'
  | 'message_id'
  | 'in_response_to'
  | 'requires_response'
  | 'method'
  | 'path'
  | 'status_code'
  | 'data_format'
>;

/** Reads a message's envelope for people; a message without an envelope has no fields. Throws nothing. */
export function tappedEnvelope(data: Buffer): EnvelopeFields {
  const message = messageOf(data);
  if (message === undefined) return {};
  const status = message['statusCode'];
  return {
    message_type: textOf(message['messageType']),
    message_id: textOf(message['messageId']),
    in_response_to: textOf(message['inResponseTo']),
    requires_response: message['requiresResponse'] === true,
    method: textOf(message['method']),
    path: textOf(message['path']),
    status_code: typeof status === 'number' && Number.isInteger(status) && Math.abs(status) < 2 ** 31 ? status : 0,
    data_format: textOf(message['dataFormat']),
  };
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.slice(0, MAX_TOLD_CHARS) : '';
}
