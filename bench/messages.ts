import { FIRST_ID, FrameTemplate } from './frame.js';

/** The place of the answered id in the payload of a request, and of a response. */
export const REQUEST_ID_AT = '{"message":{"messageId":'.length;

/** The CONN:HELLO that a generated peer sends. */
export function helloText(peerId: string): string {
  return JSON.stringify({
    message: {
      messageId: 0,
      messageType: 'CONN:HELLO',
      requiresResponse: false,
      peerClass: 'ws-proxy-bench',
      peerId,
    },
  });
}

/** A REST:REQUEST whose messageBody is `bodyBytes` long, with FIRST_ID for its id. */
export function requestText(bodyBytes: number): string {
  return textOf({
    messageId: FIRST_ID,
    messageType: 'REST:REQUEST',
    requiresResponse: true,
    method: 'PUT',
    path: '/micronets/v1/gateway/micronets',
    headers: [{ name: 'X-Origin', value: 'bench' }],
    dataFormat: 'application/json',
    messageBody: body(bodyBytes),
  });
}

export function requestTemplate(bodyBytes: number): FrameTemplate {
  return FrameTemplate.text(requestText(bodyBytes));
}

/** The REST:RESPONSE; its own id is that of the request, so that the answer is found at the same place. */
export function responseText(bodyBytes: number): string {
  return textOf({
    messageId: FIRST_ID,
    messageType: 'REST:RESPONSE',
    requiresResponse: false,
    inResponseTo: FIRST_ID,
    statusCode: 200,
    reasonPhrase: 'OK',
    dataFormat: 'application/json',
    messageBody: body(bodyBytes),
  });
}

export function responseTemplate(bodyBytes: number): FrameTemplate {
  return FrameTemplate.text(responseText(bodyBytes));
}

function textOf(message: Record<string, unknown>): string {
  return JSON.stringify({ message });
}

/** An object of that many bytes of JSON; a smaller number than its frame gives the empty object. */
function body(bytes: number): Record<string, string> {
  const frame = '{"filler":""}'.length;
  return bytes < frame ? {} : { filler: 'x'.repeat(bytes - frame) };
}
