import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_CLAIM_CHARS, readHello } from '../../../proxy/wire/hello.js';

const MAX_BYTES = 16_384;
const GOOD = {
  messageId: 1,
  messageType: 'CONN:HELLO',
  requiresResponse: false,
  peerClass: 'micronets-ws-test-client',
  peerId: '12345678',
};

function read(value: unknown): ReturnType<typeof readHello> {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return readHello(Buffer.from(text), MAX_BYTES);
}

describe('CONN:HELLO', () => {
  it('[HELLO-1] gives the claims of the two deployed clients', () => {
    const gateway =
      '{"message": {"messageId": 1, "messageType": "CONN:HELLO", "requiresResponse": false, "peerClass": "micronets-gateway-service", "peerId": "gw service 140231"}}';
    expect(read(gateway)).to.deep.nested.include({
      'ok.peerClass': 'micronets-gateway-service',
      'ok.peerId': 'gw service 140231',
    });
    expect(read({ id: 7, message: GOOD })).to.deep.nested.include({ 'ok.peerId': '12345678' });
  });

  for (const messageId of [0, 1, -1, 2 ** 53, 'a', '1', 'x'.repeat(MAX_CLAIM_CHARS)]) {
    it(`[MSG-2] takes ${JSON.stringify(messageId).slice(0, 20)} as messageId`, () => {
      expect(read({ message: { ...GOOD, messageId } })).to.have.property('ok');
    });
  }

  const long = 'x'.repeat(MAX_CLAIM_CHARS + 1);
  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['empty', '', /JSON object/],
    ['no JSON', 'hello', /JSON object/],
    ['cut JSON', JSON.stringify({ message: GOOD }).slice(0, -1), /JSON object/],
    ['two documents', `${JSON.stringify({ message: GOOD })}{}`, /JSON object/],
    ['null', 'null', /JSON object/],
    ['an array', [{ message: GOOD }], /JSON object/],
    ['no message', {}, /JSON object/],
    ['a null message', { message: null }, /JSON object/],
    ['an array as message', { message: [GOOD] }, /JSON object/],
    ['text as message', { message: JSON.stringify(GOOD) }, /JSON object/],
    ['fields without envelope', GOOD, /JSON object/],
    ['fields from the prototype', '{"__proto__":{"message":{}}}', /JSON object/],
    ['another type', { message: { ...GOOD, messageType: 'REST:REQUEST' } }, /messageType/],
    ['the type in lower case', { message: { ...GOOD, messageType: 'conn:hello' } }, /messageType/],
    ['no type', { message: { ...GOOD, messageType: undefined } }, /messageType/],
    ['no messageId', { message: { ...GOOD, messageId: undefined } }, /messageId/],
    ['a fraction as messageId', { message: { ...GOOD, messageId: 1.5 } }, /messageId/],
    ['a null messageId', { message: { ...GOOD, messageId: null } }, /messageId/],
    ['an empty messageId', { message: { ...GOOD, messageId: '' } }, /messageId/],
    ['a long messageId', { message: { ...GOOD, messageId: long } }, /messageId/],
    ['no requiresResponse', { message: { ...GOOD, requiresResponse: undefined } }, /requiresResponse/],
    ['requiresResponse as text', { message: { ...GOOD, requiresResponse: 'false' } }, /requiresResponse/],
    ['no peerClass', { message: { ...GOOD, peerClass: undefined } }, /peerClass/],
    ['a number as peerClass', { message: { ...GOOD, peerClass: 1 } }, /peerClass/],
    ['an empty peerClass', { message: { ...GOOD, peerClass: '' } }, /peerClass/],
    ['a long peerClass', { message: { ...GOOD, peerClass: long } }, /peerClass/],
    ['no peerId', { message: { ...GOOD, peerId: undefined } }, /peerId/],
    ['an empty peerId', { message: { ...GOOD, peerId: '' } }, /peerId/],
    ['a long peerId', { message: { ...GOOD, peerId: long } }, /peerId/],
    ['too many bytes', { message: { ...GOOD, more: 'x'.repeat(MAX_BYTES) } }, /longer than 16384 bytes/],
  ];
  for (const [what, value, why] of bad) {
    it(`[HELLO-2] refuses ${what}`, () => {
      const reading = read(value);
      expect('refused' in reading ? reading.refused : '').to.match(why);
    });
  }

  it('[HELLO-2] refuses what is not UTF-8, since a partner gets it as text', () => {
    const data = Buffer.from(JSON.stringify({ message: { ...GOOD, more: '\u00e9' } }), 'latin1');
    expect(readHello(data, MAX_BYTES)).to.deep.equal({ refused: 'it is not UTF-8' });
  });

  it('[HELLO-2] takes a message of exactly the bound', () => {
    const empty = JSON.stringify({ message: { ...GOOD, more: '' } });
    const full = { message: { ...GOOD, more: 'x'.repeat(MAX_BYTES - empty.length) } };
    expect(read(full)).to.have.property('ok');
  });

  it('[HELLO-2] refuses deep nesting without throwing', () => {
    const deep = `{"message":${'['.repeat(8_000)}${']'.repeat(8_000)}}`;
    expect(read(deep)).to.have.property('refused');
  });

  it('[MSG-1] takes any order of fields, any white space, and unknown fields at both levels', () => {
    const extra = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 });
    const order = fc.shuffledSubarray(Object.keys(GOOD), { minLength: 5 });
    fc.assert(
      fc.property(extra, extra, order, fc.nat(4), (outer, inner, keys, indent) => {
        const fields = Object.fromEntries(keys.map((key) => [key, GOOD[key as keyof typeof GOOD]]));
        const reading = read(JSON.stringify({ ...outer, message: { ...inner, ...fields } }, undefined, indent));
        expect(reading).to.deep.nested.include({ 'ok.peerClass': GOOD.peerClass, 'ok.peerId': GOOD.peerId });
      }),
    );
  });

  it('[HELLO-2] reads any bytes without throwing, and what it takes is what JSON.parse finds', () => {
    const message = fc.record(
      {
        messageId: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
        messageType: fc.oneof(fc.constant('CONN:HELLO'), fc.string()),
        requiresResponse: fc.oneof(fc.boolean(), fc.jsonValue()),
        peerClass: fc.oneof(fc.string(), fc.jsonValue()),
        peerId: fc.oneof(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }).map((data) => Buffer.from(data)),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
      message.map((value) => Buffer.from(JSON.stringify({ message: value }))),
    );
    fc.assert(
      fc.property(bytes, (data) => {
        const reading = readHello(data, MAX_BYTES);
        if ('refused' in reading) {
          expect(reading.refused).to.be.a('string').and.not.equal('');
          return;
        }
        const parsed = JSON.parse(data.toString()) as { message: typeof GOOD };
        expect(reading.ok.peerClass).to.equal(parsed.message.peerClass);
        expect(reading.ok.peerId).to.equal(parsed.message.peerId);
      }),
      { numRuns: 500 },
    );
  });
});
