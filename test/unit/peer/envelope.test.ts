import { expect } from 'chai';
import fc from 'fast-check';
import type { Body } from '../../../peer/body.js';
import { type Form, formOf } from '../../../peer/form.js';
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
const request: fc.Arbitrary<RestRequest> = fc.record(
  {
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'),
    path: text,
    query: fc.array(fc.record({ name: text, value: text })),
    rawQuery: fc.stringMatching(/^[!"$-~]{0,20}$/),
    headers,
    body,
  },
  { requiredKeys: ['method', 'path', 'query', 'headers', 'body'] },
);
const response: fc.Arbitrary<RestResponse> = fc.record({
  statusCode: fc.integer({ min: 200, max: 599 }),
  reasonPhrase: fc.stringMatching(/^[ -~]{1,20}$/),
  headers,
  body,
});
const forms = fc.constantFrom<Form>('exact', 'deployed');
const id = fc.oneof(fc.nat(), fc.string({ minLength: 1 }));

describe('messages between peers', () => {
  it('a request is read as it was written', () => {
    fc.assert(
      fc.property(fc.nat(), request, (messageId, given) => {
        const incoming = readIncoming(Buffer.from(requestText(messageId, given, 'exact')), false, 'exact');
        expect(incoming).to.deep.equal({ kind: 'request', messageId, requiresResponse: true, request: given });
      }),
    );
  });

  it('a response is read as it was written', () => {
    fc.assert(
      fc.property(fc.nat(), id, response, forms, (messageId, inResponseTo, given, form) => {
        const incoming = readIncoming(Buffer.from(responseText(messageId, inResponseTo, given, form)), false, form);
        expect(incoming).to.deep.equal({ kind: 'response', inResponseTo, response: given });
      }),
    );
  });

  it('an event is read as it was written', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
    fc.assert(
      fc.property(
        fc.nat(),
        fc.option(word, { nil: '' }),
        word,
        body,
        forms,
        (messageId, namespace, name, given, form) => {
          const incoming = readIncoming(Buffer.from(eventText(messageId, namespace, name, given, form)), false, form);
          expect(incoming).to.deep.equal({ kind: 'event', event: { namespace, name, body: given } });
        },
      ),
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

  it('a response without a phrase gets the usual one, and each header its value under both names for a deployed peer', () => {
    const given: RestResponse = { statusCode: 404, headers: [{ name: 'X-A', value: '1' }], body: { kind: 'none' } };
    const written = (form: Form): unknown =>
      (JSON.parse(responseText(1, 2, given, form)) as { message: unknown }).message;
    expect(written('deployed')).to.deep.include({
      reasonPhrase: 'Not Found',
      headers: [{ name: 'X-A', value: '1', val: '1' }],
    });
    expect(written('exact')).to.deep.include({ headers: [{ name: 'X-A', value: '1' }] });
  });

  it('[MSG-7] a HELLO says which form its sender reads', () => {
    const own = helloText(0, { peerClass: 'a', peerId: 'b' });
    expect(formOf(Buffer.from(own))).to.equal('exact');
    const { exactHttp, ...deployed } = (JSON.parse(own) as { message: Record<string, unknown> }).message;
    expect(exactHttp).to.equal(true);
    for (const message of [deployed, { ...deployed, exactHttp: 'true' }]) {
      expect(formOf(Buffer.from(JSON.stringify({ message })))).to.equal('deployed');
    }
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
        rawQuery: fc.jsonValue(),
        bodyHeaders: fc.oneof(fc.array(fc.record({ name: fc.jsonValue(), value: fc.jsonValue() })), fc.jsonValue()),
        bodySpace: fc.oneof(fc.tuple(fc.jsonValue(), fc.jsonValue()), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const anything = fc.oneof(
      fields.map((message) => Buffer.from(JSON.stringify({ message }))),
      fc.json().map((json) => Buffer.from(json)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(anything, fc.boolean(), forms, (data, binary, form) => {
        expect(readIncoming(data, binary, form)).to.have.property('kind');
      }),
      { numRuns: 500 },
    );
  });
});
