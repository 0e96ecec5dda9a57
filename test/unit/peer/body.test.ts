import { expect } from 'chai';
import fc from 'fast-check';
import { type Body, bodyOfBytes, bytesOfBody, jsonBody } from '../../../peer/body.js';
import { uncarry } from '../../../peer/carried-body.js';
import { readIncoming } from '../../../peer/incoming.js';
import { requestText } from '../../../peer/outgoing.js';
import type { RestRequest } from '../../../peer/rest.js';

/** What the other peer reads of a body that this one sends. */
function carried(body: Body): Body {
  const request: RestRequest = { method: 'POST', path: '/', query: [], headers: [], body };
  const incoming = readIncoming(Buffer.from(requestText(0, request)), false);
  if (incoming.kind !== 'request' || 'fault' in incoming.request)
    throw new Error(`not carried: ${JSON.stringify(incoming)}`);
  return incoming.request.body;
}

/** What a deployed peer has written. */
function written(fields: string): ReturnType<typeof uncarry> {
  const text = `{"message": {"messageId": 1, ${fields}}}`;
  return uncarry((JSON.parse(text) as { message: Record<string, unknown> }).message, text);
}

const types = fc.constantFrom(
  'text/plain',
  'text/html; charset=UTF-8',
  'text/plain; charset=iso-8859-1',
  'image/png',
  'application/octet-stream',
  'application/problem+json',
  'multipart/form-data; boundary=x',
);
const jsonTypes = fc.constantFrom('application/json', 'application/json; charset=utf-8');
const bytes = fc.oneof(
  fc.uint8Array().map((one) => Buffer.from(one)),
  fc.string({ unit: 'binary' }).map((one) => Buffer.from(one)),
);

describe('a body', () => {
  it('comes back byte by byte with its type, over HTTP, a message and HTTP again', () => {
    fc.assert(
      fc.property(bytes, types, (given, type) => {
        const body = bodyOfBytes(given, type);
        if ('fault' in body) throw new Error(body.fault);
        const { bytes: got, type: named } = bytesOfBody(carried(body));
        expect(got.equals(given)).to.equal(true);
        expect(named).to.equal(type);
      }),
    );
  });

  it('of JSON comes back as the same text', () => {
    fc.assert(
      fc.property(fc.json(), jsonTypes, fc.constantFrom('', ' ', '\n\t'), (json, type, space) => {
        const body = bodyOfBytes(Buffer.from(`${space}${json}${space}`), type);
        if ('fault' in body) throw new Error(body.fault);
        const { bytes: got, type: named } = bytesOfBody(carried(body));
        expect(got.toString()).to.equal(json);
        expect(named).to.equal(type);
      }),
    );
  });

  it('without a type comes back as octets', () => {
    const body = bodyOfBytes(Buffer.from('x'), undefined) as Body;
    expect(bytesOfBody(carried(body))).to.deep.equal({ bytes: Buffer.from('x'), type: 'application/octet-stream' });
  });

  it('that is empty keeps its type', () => {
    const body = bodyOfBytes(Buffer.alloc(0), 'image/png') as Body;
    expect(carried(body)).to.deep.equal({ kind: 'none', type: 'image/png' });
  });

  it('called JSON that is none is a fault with its place', () => {
    const fault = 'the body is not JSON: line 1, column 2: "x" where a name in double quotes should be';
    expect(bodyOfBytes(Buffer.from('{x'), 'application/json')).to.deep.equal({ fault });
    expect(bodyOfBytes(Buffer.from([0x22, 0xff, 0x22]), 'application/json')).to.have.property('fault');
  });

  it('goes to a deployed peer as base64 only when it is application/octet-stream', () => {
    const request = { method: 'PUT', path: '/', query: [], headers: [] };
    const body: Body = { kind: 'binary', bytes: Buffer.from([255]), type: 'image/png' };
    const { message } = JSON.parse(requestText(7, { ...request, body })) as { message: Record<string, unknown> };
    expect(message).to.include({
      dataFormat: 'application/octet-stream',
      contentType: 'image/png',
      messageBody: '/w==',
    });
  });

  it('of any value can be made', () => {
    expect(carried(jsonBody({ a: 1 }))).to.deep.equal({ kind: 'json', text: '{"a":1}' });
    expect(jsonBody(undefined)).to.deep.equal({ kind: 'json', text: 'null' });
  });
});

describe('a body of a deployed peer', () => {
  for (const [fields, expected] of [
    ['"dataFormat": "application/json", "messageBody": {"a": 1.0}', { kind: 'json', text: '{"a": 1.0}' }],
    ['"dataFormat": "Application/JSON; charset=utf-8", "messageBody": []', { kind: 'json', text: '[]' }],
    ['"dataFormat": "application/json", "messageBody": null', { kind: 'json', text: 'null' }],
    ['"dataFormat": "application/json"', { kind: 'none' }],
    ['"dataFormat": null, "messageBody": null', { kind: 'none' }],
    ['"messageBody": {"a": 1}', { kind: 'json', text: '{"a": 1}' }],
    ['"messageBody": "hi"', { kind: 'text', text: 'hi', type: 'text/plain; charset=utf-8' }],
    ['"dataFormat": "text/csv", "messageBody": "a,b"', { kind: 'text', text: 'a,b', type: 'text/csv' }],
    [
      '"dataFormat": "application/octet-stream", "messageBody": "aGk=\\n"',
      { kind: 'binary', bytes: Buffer.from('hi') },
    ],
    ['"dataFormat": "application/octet-stream", "messageBody": "aGk"', { fault: 'messageBody is not base64' }],
    ['"dataFormat": "application/octet-stream", "messageBody": "a=k="', { fault: 'messageBody is not base64' }],
    [
      '"dataFormat": "text/plain", "messageBody": 1',
      { fault: 'messageBody is not text, as dataFormat text/plain asks for' },
    ],
    ['"dataFormat": "text/plain\\r\\nX: y", "messageBody": ""', { fault: 'dataFormat is not a MIME type' }],
    ['"dataFormat": 7, "messageBody": ""', { fault: 'dataFormat is not a MIME type' }],
  ] as const) {
    it(`is read from ${fields}`, () => {
      expect(written(fields)).to.deep.equal(expected);
    });
  }
});
