import type { Body } from './body.js';
import { type CarriedBody, carry } from './carried-body.js';
import { EXACT_CLAIM, type Form } from './form.js';
import { phraseOf, type RestRequest, type RestResponse } from './rest.js';

/** The claims of a peer about itself. */
export interface Claims {
  /** The kind of program, such as `micronets-gateway-service`; 1 to 256 characters. */
  readonly peerClass: string;
  /** The name of this peer among those of its kind; 1 to 256 characters. */
  readonly peerId: string;
  /** Whether it sends `REST:REQUEST`s, and whether it answers them [HELLO-5]. Left out where that depends. */
  readonly asks?: boolean;
  readonly answers?: boolean;
  /** How many requests it works on at one time [HELLO-5]. Left out where it answers none. */
  readonly concurrency?: number;
  /** That it only asks, and sends again what a drain did not take [HELLO-6]. */
  readonly resends?: true;
}

/** What a bridge says of its part: it only asks, and sends again where calls wait for a session that moves, `hold` milliseconds. */
export function bridgeClaims(hold: number): Pick<Claims, 'asks' | 'answers' | 'resends'> {
  return { asks: true, answers: false, ...(hold > 0 && { resends: true }) };
}

/** The name by which an answer refers to a message. */
export type MessageId = number | string;

export function helloText(messageId: number, claims: Claims): string {
  const head = { messageId, messageType: 'CONN:HELLO', requiresResponse: false };
  return JSON.stringify({ message: { ...head, ...claims, [EXACT_CLAIM]: true } });
}

export function requestText(messageId: number, request: RestRequest, form: Form): string {
  const { method, path, query, rawQuery, headers, body } = request;
  const head = { messageId, messageType: 'REST:REQUEST', requiresResponse: true, method, path };
  const raw = rawQuery === undefined ? {} : { rawQuery };
  const fields = { ...head, ...unlessEmpty('queryStrings', query), ...raw, ...unlessEmpty('headers', headers) };
  return envelope(fields, carry(body, 'request', form));
}

/** Deployed test clients read the value of a header as `val`, every other peer as `value`. */
export function responseText(messageId: number, inResponseTo: MessageId, response: RestResponse, form: Form): string {
  const { statusCode, reasonPhrase = phraseOf(statusCode), headers, body } = response;
  const head = { messageId, messageType: 'REST:RESPONSE', requiresResponse: false, inResponseTo };
  const named = form === 'exact' ? headers : headers.map(({ name, value }) => ({ name, value, val: value }));
  const fields = { ...head, statusCode, reasonPhrase, ...unlessEmpty('headers', named) };
  return envelope(fields, carry(body, 'response', form));
}

/** @param namespace may be empty: the type is then `EVENT:<name>` */
export function eventText(messageId: number, namespace: string, name: string, body: Body, form: Form): string {
  const messageType = namespace === '' ? `EVENT:${name}` : `EVENT:${namespace}:${name}`;
  return envelope({ messageId, messageType, requiresResponse: false }, carry(body, 'event', form));
}

/** The body goes in as the text it is: a JSON body is never parsed and written again. */
function envelope(fields: Readonly<Record<string, unknown>>, { messageBody, ...said }: CarriedBody): string {
  const text = JSON.stringify({ message: { ...fields, ...said } });
  return messageBody === undefined ? text : `${text.slice(0, -2)},"messageBody":${messageBody}}}`;
}

function unlessEmpty(name: string, list: readonly unknown[]): Readonly<Record<string, unknown>> {
  return list.length === 0 ? {} : { [name]: list };
}
