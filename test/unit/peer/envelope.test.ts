import { expect } from 'chai';
import fc from 'fast-check';
import type { Body } from '../../../peer/body.js';
import { readIncoming } from '../../../peer/incoming.js';
import { eventText, helloText, requestText, responseText } from '../../../peer/outgoing.js';
import type { RestRequest, RestResponse } from '../../../peer/rest.js';
import { readHello } from '../../../proxy/wire/hello.js';

const text = fc.string({ unit: 'grapheme' });
const body: fc.Arbitrary<Body> = fc.oneof(
  fc.constant<Body>({ kind: 'none' }),
  fc.json().map((json): Body => ({ kind: 'json', text: json })),
  text.map((plain): Body => ({ kind: 'text', text: plain, type: 'text/plain; charset=utf-8' })),
  fc.uint8Array().map((bytes): Body => ({ kind: 'binary', bytes: Buffer.from(bytes), type: 'image/png' })),
);
const headers = fc.array(
  fc.record({
    name: fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/),
    value: fc.stringMatching(/^[ -~]{0,20}$/),
  }),
);
const request: fc.Arbitrary<RestRequest> = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'),
  path: text,
  query: fc.array(fc.record({ name: text, value: text })),
  headers,
  body,
});
const response: fc.Arbitrary<RestResponse> = fc.record({
  statusCode: fc.integer({ min: 200, max: 599 }),
  reasonPhrase: fc.stringMatching(/^[ -~]{1,20}$/),
  headers,
  body,
});
const id = fc.oneof(fc.nat(), fc.string({ minLength: 1 }));

describe('messages between peers', () => {
  it('a request is read as it was written', () => {
    fc.assert(
      fc.property(fc.nat(), request, (messageId, given) => {
        const incoming = readIncoming(Buffer.from(requestText(messageId, given)), false);
        expect(incoming).to.deep.equal({ kind: 'request', messageId, requiresResponse: true, request: given });
      }),
    );
  });

  it('a response is read as it was written', () => {
    fc.assert(
      fc.property(fc.nat(), id, response, (messageId, inResponseTo, given) => {
        const incoming = readIncoming(Buffer.from(responseText(messageId, inResponseTo, given)), false);
        expect(incoming).to.deep.equal({ kind: 'response', inResponseTo, response: given });
      }),
    );
  });

  it('an event is read as it was written', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
    fc.assert(
      fc.property(fc.nat(), word, word, body, (messageId, namespace, name, given) => {
        const incoming = readIncoming(Buffer.from(eventText(messageId, namespace, name, given)), false);
        expect(incoming).to.deep.equal({ kind: 'event', event: { namespace, name, body: given } });
      }),
    );
  });

  it('a HELLO is one that the proxy takes', () => {
    const claim = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(claim, claim, (peerClass, peerId) => {
        const reading = readHello(Buffer.from(helloText(0, { peerClass, peerId })), 64 * 1024);
        expect(reading).to.have.property('ok').that.includes({ peerClass, peerId });
      }),
    );
  });

  it('anything else is sorted without a fault of our own', () => {
    const fields = fc.record(
      {
        messageId: fc.oneof(fc.nat(), fc.jsonValue()),
        messageType: fc.constantFrom('REST:REQUEST', 'REST:RESPONSE', 'EVENT:a:b', 'EVENT:', 'DPP:x', 'CONN:INFO'),
        inResponseTo: fc.jsonValue(),
        method: fc.oneof(fc.constant('get'), fc.jsonValue()),
        path: fc.jsonValue(),
        statusCode: fc.oneof(fc.constant(200), fc.jsonValue()),
        headers: fc.oneof(fc.array(fc.record({ name: fc.jsonValue(), value: fc.jsonValue() })), fc.jsonValue()),
        queryStrings: fc.jsonValue(),
        dataFormat: fc.oneof(fc.constantFrom('application/json', 'application/octet-stream', 'a/b'), fc.jsonValue()),
        messageBody: fc.jsonValue(),
        contentType: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const anything = fc.oneof(
      fields.map((message) => Buffer.from(JSON.stringify({ message }))),
      fc.json().map((json) => Buffer.from(json)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(anything, fc.boolean(), (data, binary) => {
        expect(readIncoming(data, binary)).to.have.property('kind');
      }),
      { numRuns: 500 },
    );
  });
});
