import type { Body } from './body.js';
import { carry } from './carried-body.js';
import type { RestRequest, RestResponse } from './rest.js';

/** Who a peer says that it is. */
export interface Claims {
  /** What kind of program it is, such as `micronets-gateway-service`; 1 to 256 characters. */
  readonly peerClass: string;
  /** Which one; 1 to 256 characters. */
  readonly peerId: string;
}

/** What the other peer calls a message by when it answers. */
export type MessageId = number | string;

export function helloText(messageId: number, { peerClass, peerId }: Claims): string {
  return envelope({ messageId, messageType: 'CONN:HELLO', requiresResponse: false, peerClass, peerId });
}

export function requestText(messageId: number, request: RestRequest): string {
  const { method, path, query, headers, body } = request;
  const head = { messageId, messageType: 'REST:REQUEST', requiresResponse: true, method, path };
  return envelope({ ...head, ...unlessEmpty('queryStrings', query), ...unlessEmpty('headers', headers) }, body);
}

export function responseText(messageId: number, inResponseTo: MessageId, response: RestResponse): string {
  const { statusCode, reasonPhrase = null, headers, body } = response;
  const head = { messageId, messageType: 'REST:RESPONSE', requiresResponse: false, inResponseTo };
  return envelope({ ...head, statusCode, reasonPhrase, ...unlessEmpty('headers', headers) }, body);
}

export function eventText(messageId: number, namespace: string, name: string, body: Body): string {
  return envelope({ messageId, messageType: `EVENT:${namespace}:${name}`, requiresResponse: false }, body);
}

/** The body goes in as the text it is: a JSON body is never parsed and written again. */
function envelope(fields: Readonly<Record<string, unknown>>, body: Body = { kind: 'none' }): string {
  const { messageBody, ...said } = carry(body);
  const text = JSON.stringify({ message: { ...fields, ...said } });
  return messageBody === undefined ? text : `${text.slice(0, -2)},"messageBody":${messageBody}}}`;
}

function unlessEmpty(name: string, list: readonly unknown[]): Readonly<Record<string, unknown>> {
  return list.length === 0 ? {} : { [name]: list };
}
