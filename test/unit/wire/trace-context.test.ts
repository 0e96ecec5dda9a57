import { expect } from 'chai';
import fc from 'fast-check';
import { Envelope } from '../../../proxy/wire/envelope.js';
import {
  formatTraceparent,
  parseTraceparent,
  traceContextOf,
  withTraceparent,
} from '../../../proxy/wire/trace-context.js';
import { newSpanId, newTraceId } from '../../../proxy/wire/trace-id.js';

const VALID = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OWN = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };

function envelopeOf(text: string): { envelope: Envelope; data: Buffer } {
  const data = Buffer.from(text);
  const envelope = new Envelope();
  envelope.read(data);
  return { envelope, data };
}

function withHeaders(headers: unknown): string {
  return JSON.stringify({
    message: { messageType: 'REST:REQUEST', messageId: 1, headers, messageBody: { traceparent: 'x' } },
  });
}

function contextIn(headers: unknown): unknown {
  const { envelope, data } = envelopeOf(withHeaders(headers));
  return traceContextOf(envelope, data);
}

function injected(text: string): string {
  const { envelope, data } = envelopeOf(text);
  return withTraceparent(envelope, data, OWN).toString('utf8');
}

const space = fc.stringMatching(/^[ \n]{0,2}$/);
const key = fc.constantFrom('name', 'value', 'other');
const headerName = fc.constantFrom('Accept', 'traceparent', 'TraceParent', 'tracestate', 'X-"quoted"', 'é');
const headerValue = fc.oneof(fc.constantFrom(VALID, '00-bad', ''), fc.string({ maxLength: 12 }));

/** The text of one element of a headers list, its members in either order, with spaces. */
const element = fc
  .tuple(headerName, headerValue, fc.boolean(), space, fc.option(fc.tuple(key, fc.json({ maxDepth: 1 })), { freq: 6 }))
  .map(([name, value, flipped, s, extra]) => {
    const pair = [`"name"${s}:${s}${JSON.stringify(name)}`, `"value":${s}${JSON.stringify(value)}`];
    if (flipped) pair.reverse();
    if (extra !== null && extra !== undefined && extra[0] === 'other') pair.push(`"other":${extra[1]}`);
    return `{${s}${pair.join(`${s},`)}${s}}`;
  });
const list = fc
  .tuple(fc.array(element, { maxLength: 5 }), space)
  .map(([all, s]) => `[${s}${all.join(`${s},${s}`)}${s}]`);
const text = fc
  .tuple(fc.option(list), fc.boolean(), fc.json({ maxDepth: 2 }), space)
  .map(([headers, first, body, s]) => {
    const parts = ['"messageType":"REST:REQUEST"', `"messageBody":${s}${body}`, '"messageId":1'];
    if (headers !== null) parts.splice(first ? 0 : 2, 0, `"headers"${s}:${s}${headers}`);
    return `{"id":1,${s}"message"${s}:${s}{${s}${parts.join(`,${s}`)}${s}}}`;
  });

/** Numbers of bytes that two texts share at the front, and at the back of the rest. */
function sameEnds(one: Buffer, two: Buffer): number {
  const most = Math.min(one.length, two.length);
  let front = 0;
  while (front < most && one[front] === two[front]) front += 1;
  let back = 0;
  while (back < most - front && one[one.length - 1 - back] === two[two.length - 1 - back]) back += 1;
  return front + back;
}

interface Header {
  name: string;
  value: unknown;
}

describe('wire: trace context', () => {
  it('takes exactly version 00, 55 characters, lower case, no zero ids', () => {
    expect(parseTraceparent(VALID)).to.deep.equal({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      sampled: true,
    });
    expect(parseTraceparent(VALID.replace(/01$/, '02'))).to.include({ sampled: false });
    for (const bad of [
      '',
      `01${VALID.slice(2)}`,
      `ff${VALID.slice(2)}`,
      VALID.toUpperCase(),
      `${VALID}-extra`,
      ` ${VALID}`,
      `${VALID}\n`,
      VALID.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
      VALID.replace('b7ad6b7169203331', '0'.repeat(16)),
      VALID.replace('0af', '0ag'),
    ]) {
      expect(parseTraceparent(bad), bad).to.equal(undefined);
    }
  });

  it('reads back what it writes', () => {
    const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length - 1}}[1-9a-f]$`));
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, sampled) => {
        expect(parseTraceparent(formatTraceparent({ traceId, spanId, sampled }))).to.deep.equal({
          traceId,
          spanId,
          sampled,
        });
      }),
    );
  });

  it('finds one traceparent whatever its case; several, or a malformed one, count as none', () => {
    const one = { name: 'TraceParent', value: VALID };
    expect(contextIn([{ name: 'Accept', value: '*/*' }, one])).to.include({ spanId: 'b7ad6b7169203331' });
    expect(contextIn([one, one])).to.equal(undefined);
    expect(contextIn([one, { name: 'traceparent', value: 'x' }])).to.equal(undefined);
    expect(contextIn([{ name: 'traceparent', value: `${VALID}0` }])).to.equal(undefined);
    expect(contextIn([{ name: 'traceparent', value: 7 }])).to.equal(undefined);
    for (const odd of [null, {}, 'x', [], [null], [7], [{}], [{ name: 'traceparent' }]])
      expect(contextIn(odd)).to.equal(undefined);
    expect(contextIn([...Array(128).fill({ name: 'a', value: 'b' }), one])).to.equal(undefined);
  });

  it('finds it also in a message that had to be parsed whole', () => {
    const odd = withHeaders([{ name: 'Traceparent', value: VALID }]).replace('"messageId"', '"m\\u0065ssageId"');
    const { envelope, data } = envelopeOf(odd);
    expect(envelope.inside).to.equal(0);
    expect(traceContextOf(envelope, data)).to.include({ spanId: 'b7ad6b7169203331' });
  });

  it('passes a tracestate of up to 512 characters on with its traceparent', () => {
    const one = { name: 'traceparent', value: VALID };
    expect(contextIn([one, { name: 'Tracestate', value: 'a=b' }])).to.include({ tracestate: 'a=b' });
    expect(contextIn([one, { name: 'tracestate', value: `a=${'b'.repeat(511)}` }])).not.to.have.property('tracestate');
    expect(
      contextIn([one, { name: 'tracestate', value: 'a=b' }, { name: 'tracestate', value: 'c=d' }]),
    ).not.to.have.property('tracestate');
  });

  it('injects so that the headers list alone differs, and every other byte is the same', () => {
    fc.assert(
      fc.property(text, (before) => {
        const after = injected(before);
        const { message: was, ...outer } = JSON.parse(before) as { message: Record<string, unknown> };
        const { message: is, ...outerAfter } = JSON.parse(after) as { message: Record<string, unknown> };
        const headers = (was['headers'] ?? []) as Header[];
        const isOne = ({ name }: Header): boolean => name.toLowerCase() === 'traceparent';
        const value = formatTraceparent(OWN);
        const expected = headers.some(isOne)
          ? headers.map((one) => (isOne(one) ? { ...one, value } : one))
          : [{ name: 'traceparent', value }, ...headers];
        expect(is).to.deep.equal({ ...was, headers: expected });
        expect(outerAfter).to.deep.equal(outer);
        // When there is only one place to change, the bytes before and after it stay the same.
        const old = headers.filter(isOne);
        if (old.length < 2) {
          const replaced = old.length === 0 ? 0 : Buffer.byteLength(JSON.stringify(old[0]?.value));
          expect(Buffer.byteLength(before) - sameEnds(Buffer.from(before), Buffer.from(after))).to.be.at.most(replaced);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a message alone where it can not be certain', () => {
    for (const odd of [
      withHeaders(null),
      withHeaders({}),
      withHeaders([7]),
      '{"message":{"messageType":"REST:REQUEST","headers":[{"name":"a","name":"traceparent","value":"x"}]}}',
      '{"message":{"messageType":"REST:REQUEST","headers":[{"n\\u0061me":"traceparent","value":"x"}]}}',
      '{"message":{"messageType":"REST:REQUEST","h\\u0065aders":[]}}',
      '{"message":{"messageType":"REST:REQUEST","headers":[],"headers":[]}}',
      '{"message":{"messageType":"REST:RESPONSE","headers":[]}}',
      'not json',
    ]) {
      expect(injected(odd)).to.equal(odd);
    }
  });

  it('adds a headers list where there is none', () => {
    const before = '{"message": {"messageType": "REST:REQUEST"}, "id": 1}';
    const value = formatTraceparent(OWN);
    expect(injected(before)).to.equal(
      `{"message": {"headers":[{"name":"traceparent","value":"${value}"}],"messageType": "REST:REQUEST"}, "id": 1}`,
    );
  });

  it('makes ids that are valid and not the same twice', () => {
    const ids = new Set(Array.from({ length: 1000 }, () => newTraceId()));
    expect(ids.size).to.equal(1000);
    for (const traceId of ids) expect(parseTraceparent(`00-${traceId}-${newSpanId()}-01`)).to.include({ traceId });
  });
});
