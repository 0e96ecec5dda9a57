import { expect } from 'chai';
import fc from 'fast-check';
import { type Body, bodyOfBytes, bytesOf, headersOf, jsonBody } from '../../../peer/body.js';
import { uncarry, type Way } from '../../../peer/carried-body.js';
import type { Form } from '../../../peer/form.js';
import type { NameValue } from '../../../peer/headers.js';
import { readIncoming } from '../../../peer/incoming.js';
import { requestText, responseText } from '../../../peer/outgoing.js';
import type { RestRequest } from '../../../peer/rest.js';

/** The body that the other peer reads when this peer sends it. */
function carried(body: Body, form: Form = 'exact'): Body {
  const request: RestRequest = { method: 'POST', path: '/', query: [], headers: [], body };
  const incoming = readIncoming(Buffer.from(requestText(0, request, form)), false, form);
  if (incoming.kind !== 'request' || 'fault' in incoming.request)
    throw new Error(`not carried: ${JSON.stringify(incoming)}`);
  return incoming.request.body;
}

/** The fields of a body that goes to a peer of that form. */
function fieldsFor(body: Body, form: Form, way: 'request' | 'response' = 'request'): object {
  const text =
    way === 'request'
      ? requestText(0, { method: 'POST', path: '/', query: [], headers: [], body }, form)
      : responseText(0, 0, { statusCode: 200, headers: [], body }, form);
  const { message } = JSON.parse(text) as { readonly message: Readonly<Record<string, unknown>> };
  const names = ['dataFormat', 'messageBody', 'bodyHeaders', 'bodySpace'];
  return Object.fromEntries(Object.entries(message).filter(([name]) => names.includes(name)));
}

/** A message that a deployed peer has written. */
function written(fields: string, way: Way = 'response'): ReturnType<typeof uncarry> {
  const text = `{"message": {"messageId": 1, ${fields}}}`;
  return uncarry((JSON.parse(text) as { message: Record<string, unknown> }).message, text, way, 'deployed');
}

const typed = (type: string): NameValue[] => [{ name: 'Content-Type', value: type }];

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

const header = fc.record({
  name: fc.constantFrom('Content-Type', 'content-type', 'Content-Encoding'),
  value: fc.oneof(
    types,
    jsonTypes,
    fc.constantFrom('', 'gzip', 'zstd, aws-chunked', 'none', `text/plain; x=${'y'.repeat(400)}`, 'text/pl\xe4in'),
  ),
});

describe('a body', () => {
  it('[MSG-6] comes back byte by byte with its headers, over HTTP, a message and HTTP again', () => {
    const json = fc.tuple(
      fc.constantFrom('', ' ', '\n\t', '\r\n\r\n'),
      fc.json(),
      fc.constantFrom('', '\n', '  ', '\n{}'),
    );
    const any = fc.oneof(
      bytes,
      json.map((parts) => Buffer.from(parts.join(''))),
    );
    fc.assert(
      fc.property(any, fc.array(header, { maxLength: 3 }), (given, headers) => {
        const back = carried(bodyOfBytes(given, headers));
        expect(bytesOf(back).equals(given)).to.equal(true);
        expect(headersOf(back)).to.deep.equal(headers);
      }),
      { numRuns: 1000 },
    );
  });

  it('of JSON reaches a deployed gateway as the same text, but for white space around an object', () => {
    fc.assert(
      fc.property(fc.json(), jsonTypes, fc.constantFrom('', ' ', '\n\t'), (json, type, space) => {
        const body = bodyOfBytes(Buffer.from(`${space}${json}${space}`), typed(type));
        expect(bytesOf(carried(body, 'deployed')).toString()).to.equal(`${space}${json}${space}`);
        const { messageBody } = fieldsFor(body, 'deployed') as { readonly messageBody: unknown };
        expect(messageBody).to.deep.equal(json.startsWith('{') ? JSON.parse(json) : `${space}${json}${space}`);
      }),
    );
  });

  for (const [what, given] of [
    ['lines of JSON', '{"a":1}\n{"a":2}\n'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['NaN', '{"a":NaN}'],
    ['bytes behind it', '{"a":1}}'],
    ['nothing but space', ' \n'],
    ['a part of JSON', '{"a":'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['Latin-1', Buffer.from('{"a":"\xe4"}', 'latin1')],
  ] as const) {
    it(`called JSON that is none goes as bytes: ${what}`, () => {
      const body = bodyOfBytes(Buffer.from(given), typed('application/json'));
      expect(fieldsFor(body, 'deployed')).to.deep.equal({
        dataFormat: 'application/octet-stream',
        bodyHeaders: typed('application/json'),
        messageBody: Buffer.from(given).toString('base64'),
      });
      expect(bytesOf(carried(body)).equals(Buffer.from(given))).to.equal(true);
      expect(headersOf(carried(body))).to.deep.equal(typed('application/json'));
    });
  }

  it('without a type stays without one', () => {
    const body = bodyOfBytes(Buffer.from('x'), []);
    expect(headersOf(carried(body))).to.deep.equal([]);
    expect(fieldsFor(body, 'deployed')).to.deep.equal({
      dataFormat: 'application/octet-stream',
      bodyHeaders: [],
      messageBody: 'eA==',
    });
  });

  it('that is empty keeps its type', () => {
    const body = bodyOfBytes(Buffer.alloc(0), typed('image/png'));
    expect(carried(body)).to.deep.equal({ kind: 'none', type: 'image/png' });
  });

  it('is sent once, and nothing beside it that its format says', () => {
    const object = bodyOfBytes(Buffer.from('{"a":1}'), typed('application/json'));
    const text = bodyOfBytes(Buffer.from('a,b'), typed('text/csv; charset=utf-8'));
    const octets = bodyOfBytes(Buffer.from('ab'), typed('application/octet-stream'));
    for (const form of ['exact', 'deployed'] as const) {
      expect(fieldsFor(object, form)).to.deep.equal({ dataFormat: 'application/json', messageBody: { a: 1 } });
      expect(fieldsFor(text, form)).to.deep.equal({ dataFormat: 'text/csv; charset=utf-8', messageBody: 'a,b' });
      expect(fieldsFor(octets, form)).to.deep.equal({ dataFormat: 'application/octet-stream', messageBody: 'YWI=' });
    }
  });

  it('[MSG-5] that is a JSON array goes as text in a request to a deployed gateway, and as a value everywhere else', () => {
    const array = bodyOfBytes(Buffer.from('[1, 2]\n'), typed('application/json'));
    const value = { dataFormat: 'application/json', bodySpace: ['', '\n'], messageBody: [1, 2] };
    expect(fieldsFor(array, 'deployed')).to.deep.equal({ dataFormat: 'application/json', messageBody: '[1, 2]\n' });
    expect(fieldsFor(array, 'exact')).to.deep.equal(value);
    expect(fieldsFor(array, 'exact', 'response')).to.deep.equal(value);
    expect(fieldsFor(array, 'deployed', 'response')).to.deep.equal(value);
  });

  it('of bytes goes as base64 that is application/octet-stream, with its type beside it', () => {
    const body: Body = { kind: 'binary', bytes: Buffer.from([255]), type: 'image/png' };
    expect(fieldsFor(body, 'deployed')).to.deep.equal({
      dataFormat: 'application/octet-stream',
      bodyHeaders: typed('image/png'),
      messageBody: '/w==',
    });
  });

  it('of any value can be made', () => {
    expect(carried(jsonBody({ a: 1 }))).to.deep.equal({ kind: 'json', text: '{"a":1}' });
    expect(jsonBody(undefined)).to.deep.equal({ kind: 'json', text: 'null' });
  });

  it('tells nothing but itself in bodyHeaders', () => {
    const headers = ['Host', 'Content-Length', 'Transfer-Encoding', 'Set-Cookie', 'Content-Type'];
    const bodyHeaders = JSON.stringify(headers.map((name) => ({ name, value: 'a/b' })));
    const body = written(`"dataFormat": "text/plain", "messageBody": "x", "bodyHeaders": ${bodyHeaders}`);
    expect(headersOf(body as Body)).to.deep.equal(typed('a/b'));
  });
});

describe('a body of a deployed peer', () => {
  for (const [fields, expected] of [
    ['"dataFormat": "application/json", "messageBody": {"a": 1.0}', { kind: 'json', text: '{"a": 1.0}' }],
    [
      '"dataFormat": "Application/JSON; charset=utf-8", "messageBody": []',
      { kind: 'json', text: '[]', type: 'Application/JSON; charset=utf-8' },
    ],
    [
      '"dataFormat": "application/json; charset=utf-8", "messageBody": "{\\"a\\": 1}"',
      { kind: 'json', text: '{"a": 1}', type: 'application/json; charset=utf-8' },
    ],
    [
      '"dataFormat": "application/json; charset=utf-8", "messageBody": "{"',
      { kind: 'text', text: '{', type: 'application/json; charset=utf-8' },
    ],
    ['"dataFormat": "application/json", "messageBody": "[1]"', { kind: 'json', text: '"[1]"' }],
    [
      '"dataFormat": "application/json", "messageBody": {}, "bodySpace": ["x", ""]',
      { fault: 'bodySpace is not two texts of JSON white space' },
    ],
    [
      '"dataFormat": "application/json", "messageBody": {}, "bodySpace": " "',
      { fault: 'bodySpace is not two texts of JSON white space' },
    ],
    ['"dataFormat": "text/plain", "messageBody": "", "bodyHeaders": 1', { fault: 'bodyHeaders is not a list' }],
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

  it('is its text where it is text in a request', () => {
    const given = '"dataFormat": "application/json", "messageBody": "[1, 2]\\n"';
    expect(written(given, 'request')).to.deep.equal({ kind: 'json', text: '[1, 2]\n' });
  });
});
