import { expect } from 'chai';
import fc from 'fast-check';
import { traced } from '../../../peer/call-trace.js';
import type { NameValue } from '../../../peer/headers.js';
import { parseTraceparent } from '../../../proxy/wire/trace-context.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const GIVEN = { name: 'TraceParent', value: `00-${TRACE}-b7ad6b7169203331-00` };
const STATE = { name: 'tracestate', value: 'a=1' };
const OTHER = { name: 'X-A', value: '1' };

describe('the trace of a request', () => {
  it('is the one that it has, and nothing is changed', () => {
    const headers = [OTHER, GIVEN, STATE];
    expect(traced(headers, 1)).to.deep.equal({ traceId: TRACE, headers });
  });

  for (const [what, given] of [
    ['there is none', []],
    ['it is of another version', [{ ...GIVEN, value: GIVEN.value.replace(/^00/, '01') }]],
    ['it has no trace id', [{ ...GIVEN, value: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` }]],
    ['it comes twice', [GIVEN, GIVEN]],
    ['it is empty', [{ ...GIVEN, value: '' }]],
  ] as const) {
    it(`is a new one where ${what}`, () => {
      const { traceId, headers } = traced([...given, OTHER, STATE], 1);
      const [other, made, ...rest] = headers;
      expect([other, made?.name, rest]).to.deep.equal([OTHER, 'traceparent', []]);
      expect(parseTraceparent(made?.value ?? '')).to.include({ traceId, sampled: true });
    });
  }

  it('is marked as sampled as often as it is asked for, by its id', () => {
    const sampled = (ratio: number): boolean =>
      parseTraceparent(traced([], ratio).headers[0]?.value ?? '')?.sampled ?? false;
    const share = (ratio: number): number =>
      Array.from({ length: 2_000 }, () => sampled(ratio)).filter(Boolean).length / 2_000;
    expect([share(0), share(1)]).to.deep.equal([0, 1]);
    expect(share(0.25)).to.be.within(0.15, 0.35);
  });

  it('property: whatever the headers, there is exactly one valid traceparent then, and its id is told', () => {
    const name = fc.constantFrom('traceparent', 'Traceparent', 'TRACESTATE', 'x');
    const value = fc.oneof(fc.constant(GIVEN.value), fc.string());
    fc.assert(
      fc.property(fc.array(fc.record({ name, value }), { maxLength: 5 }), (given: readonly NameValue[]) => {
        const { traceId, headers } = traced(given, 0.5);
        const found = headers.filter((one) => one.name.toLowerCase() === 'traceparent');
        expect(found.map((one) => parseTraceparent(one.value)?.traceId)).to.deep.equal([traceId]);
        const others = (all: readonly NameValue[]) => all.filter((one) => one.name === 'x');
        expect(others(headers)).to.deep.equal(others(given));
      }),
    );
  });
});
