import { expect } from 'chai';
import fc from 'fast-check';
import { Envelope, kindOf, MAX_FALLBACK_BYTES } from '../../../proxy/wire/envelope.js';
import { messageId } from '../../../proxy/wire/message-id.js';

/** What the envelope says of a text. */
function scanned(text: string): unknown {
  const envelope = new Envelope();
  envelope.read(Buffer.from(text));
  const { kind, id, inResponseTo, requiresResponse, status } = envelope;
  if (kind === 'unreadable') return { kind };
  const { typeText, methodText, pathText, queryStringsValue, headersValue } = envelope;
  return {
    kind,
    id,
    inResponseTo,
    requiresResponse,
    status,
    typeText,
    methodText,
    pathText,
    queryStringsValue,
    headersValue,
  };
}

/** The same of what JSON.parse makes of it: the oracle. */
function parsed(text: string): unknown {
  const whole = JSON.parse(Buffer.from(text).toString()) as { message?: Record<string, unknown> } | null;
  const message = whole?.message;
  const type = typeof message === 'object' && message !== null ? message['messageType'] : undefined;
  if (message === undefined || typeof type !== 'string') return { kind: 'unreadable' };
  const { requiresResponse, statusCode, method, path, queryStrings, headers } = message;
  return {
    kind: kindOf(type),
    id: messageId(message['messageId']),
    inResponseTo: messageId(message['inResponseTo']),
    requiresResponse: typeof requiresResponse === 'boolean' ? requiresResponse : undefined,
    status: Number.isInteger(statusCode) ? (statusCode as number) + 0 : undefined,
    typeText: type,
    methodText: typeof method === 'string' ? method : undefined,
    pathText: typeof path === 'string' ? path : undefined,
    queryStringsValue: queryStrings,
    headersValue: headers,
  };
}

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

/** A JSON string's text with some characters written as escapes, as an unusual encoder might. */
function written(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.array(fc.boolean(), { maxLength: 40 })).map(([value, escapes]) => {
    const units = Array.from({ length: value.length }, (_, i) => {
      const unit = value.charAt(i);
      if (escapes[i] === true) return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
      if (unit === '/' && escapes[i] === false) return '\\/';
      return /[\ud800-\udfff]/.test(unit) ? unit : JSON.stringify(unit).slice(1, -1);
    });
    return `"${units.join('')}"`;
  });
}

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 80 }));
const literal = fc.constantFrom('true', 'false', 'null');
const number = fc.oneof(
  fc.nat().map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom('-0', '0', '1e3', '1E+2', '1.0', '12345678901234567890', '0.5', '200', '404', '1e400'),
);
const scalar = fc.oneof(number, literal, written(anyText));

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc
      .array(fc.tuple(space, tie('value')), { maxLength: 3 })
      .map((all) => `[${all.map(([s, v]) => s + v + s).join(',')}]`),
    fc
      .array(fc.tuple(written(anyText), space, tie('value')), { maxLength: 3 })
      .map((all) => `{${all.map(([k, s, v]) => `${s}${k}${s}:${s}${v}${s}`).join(',')}}`),
  ),
}));

const huge = fc.constantFrom(
  JSON.stringify('x'.repeat(20_000)),
  JSON.stringify('"\\'.repeat(5_000)),
  JSON.stringify(Array.from({ length: 500 }, (_, i) => ({ i, '}': ']"{' }))),
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
);

const type = written(
  fc.constantFrom(
    'REST:REQUEST',
    'REST:RESPONSE',
    'CONN:HELLO',
    'CONN:INFO',
    'EVENT:DHCP:leaseAcquired',
    'EVENT',
    'DPP:x',
    '',
  ),
);
const idValue = fc.oneof(
  number,
  written(fc.oneof(fc.nat().map(String), fc.string({ maxLength: 5 }), fc.constant('07'))),
  value,
);
const neededNames = [
  'messageId',
  'inResponseTo',
  'requiresResponse',
  'statusCode',
  'method',
  'path',
  'queryStrings',
  'headers',
];

const member = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(written(fc.constantFrom(...neededNames)), fc.oneof(idValue, scalar, value)) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom(...neededNames).map((n) => JSON.stringify(n)),
      scalar,
    ),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constant('"messageType"'), fc.oneof(type, scalar)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('"messageBody"', '"dataFormat"', '"__proto__"'), fc.oneof(huge, value)),
  },
  { weight: 1, arbitrary: fc.tuple(written(anyText), value) },
);

function object(members: fc.Arbitrary<[string, string]>, min: number): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(members, space), { minLength: min, maxLength: 9 })
    .map((all) => `{${all.map(([[k, v], s]) => `${s}${k}${s}:${s}${v}${s}`).join(',')}}`);
}

const message = fc
  .tuple(object(member, 0), type, fc.boolean())
  .map(([text, t, typed]) =>
    typed ? text.replace(/\}$/, `${text.length > 2 && text !== '{}' ? ',' : ''}"messageType":${t}}`) : text,
  );

const outer = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('"message"'), message) },
  { weight: 1, arbitrary: fc.tuple(written(fc.constant('message')), fc.oneof(message, value)) },
  { weight: 1, arbitrary: fc.tuple(written(anyText), fc.oneof(value, huge)) },
);

const document = fc
  .tuple(space, object(outer as fc.Arbitrary<[string, string]>, 1), space)
  .map((parts) => parts.join(''));

describe('wire: envelope', () => {
  it('reads what a deployed manager and a deployed gateway write [MSG-1, MSG-2]', () => {
    const request = `{"message": {"messageId": 7, "messageType": "REST:REQUEST", "requiresResponse": true, "method": "GET", "path": "/a/b?c=d"}, "id": 4}`;
    expect(scanned(request)).to.include({
      kind: 'request',
      id: 7,
      requiresResponse: true,
      methodText: 'GET',
      pathText: '/a/b?c=d',
    });
    const response = `{"message":{"messageBody":{"a":[1]},"statusCode":200,"inResponseTo":7,"reasonPhrase":null,"messageType":"REST:RESPONSE","messageId":3,"requiresResponse":false}}`;
    expect(scanned(response)).to.include({
      kind: 'response',
      id: 3,
      inResponseTo: 7,
      status: 200,
      requiresResponse: false,
    });
  });

  it('says what JSON.parse says of any envelope: names twice, escapes, surrogates, nesting, any order, huge bodies first', () => {
    fc.assert(
      fc.property(document, (text) => {
        fc.pre(Buffer.byteLength(text) <= MAX_FALLBACK_BYTES);
        expect(scanned(text)).to.deep.equal(parsed(text));
      }),
      { numRuns: 1500 },
    );
  });

  it('says what JSON.parse says of any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(value, fc.json()), (text) => {
        expect(scanned(text)).to.deep.equal(parsed(text));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, and of text cut short claims nothing', () => {
    fc.assert(
      fc.property(document, fc.nat(), (text, at) => {
        const data = Buffer.from(text.trimEnd());
        const envelope = new Envelope();
        envelope.read(data.subarray(0, at % data.length));
        expect(envelope.kind).to.equal('unreadable');
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on bytes of any kind', () => {
    const envelope = new Envelope();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => envelope.read(Buffer.from(bytes))));
    fc.assert(
      fc.property(fc.stringMatching(/^[{}[\]":,\\a-f0-9. -]{0,60}$/), (text) => {
        envelope.read(Buffer.from(`{"message":{"messageType":"REST:REQUEST",${text}`));
      }),
    );
  });

  it('calls unreadable what breaks JSON in a part that it reads', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '{}',
      '{"message":{}}',
      '{"message":{"messageType":7}}',
      '{"message":{"messageType":"REST:REQUEST"}',
      '{"message":{"messageType":"REST:REQUEST"}} x',
      '{"message":{"messageType":"REST:REQUEST",}}',
      '{"message":{"messageType":"REST:REQUEST" "a":1}}',
      '{"message":{"messageType":"REST:REQUEST","messageId":01}}',
      '{"message":{"messageType":"REST:REQUEST","x":truth}}',
      '{"message":{"messageType":"REST\nREQUEST"}}',
      '\ufeff{"message":{"messageType":"REST:REQUEST"}}',
    ]) {
      expect(scanned(text), text).to.deep.equal({ kind: 'unreadable' });
    }
  });

  it('does not look for faults in a body', () => {
    expect(scanned('{"message":{"messageBody":{nonsense},"messageType":"EVENT:a:b"}}')).to.include({ kind: 'event' });
  });

  it('takes the integer 7 and the string "7" for one id, and "07" for another [MSG-2]', () => {
    expect(messageId('7')).to.equal(messageId(7));
    expect(messageId('-7')).to.equal(-7);
    expect(messageId('07')).to.equal('07');
    expect(messageId('')).to.equal(undefined);
    expect(messageId(1.5)).to.equal(undefined);
    expect(messageId('x'.repeat(257))).to.equal(undefined);
  });

  it('declines an odd message above the bound of a full parse', () => {
    const odd = (body: string): string =>
      `{"message":{"messageType":"EVENT:a","m\\u0065ssageId":1,"messageBody":"${body}"}}`;
    expect(scanned(odd('x'))).to.include({ kind: 'event', id: 1 });
    expect(scanned(odd('x'.repeat(MAX_FALLBACK_BYTES)))).to.deep.equal({ kind: 'unreadable' });
  });
});
