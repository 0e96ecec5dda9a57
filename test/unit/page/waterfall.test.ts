import { expect } from 'chai';
import fc from 'fast-check';
import { layOut, totalOf } from '../../../page/waterfall.js';
import { call } from '../../support/page-call.js';

const duration = fc.double({ min: 0, max: 60_000, noNaN: true });
const calls = fc
  .array(
    fc.record({
      start: fc.integer({ min: 0, max: 5_000 }),
      requestProxyMs: duration,
      peerMs: duration,
      responseProxyMs: duration,
    }),
    { maxLength: 40 },
  )
  .map((list) => list.map((one, i) => call({ ...one, sequence: list.length - i })));

describe('the waterfall of the page', () => {
  it('places calls that are on their way at the same time by the clock, and all others at the left end', () => {
    const alone = call({ sequence: 1, start: 0 });
    const first = call({ sequence: 2, start: 1_000 });
    const second = call({ sequence: 3, start: 1_004, peerMs: 2 });
    const { limit, bars } = layOut([second, first, alone]);
    expect(limit).to.equal(10);
    expect(bars.map(({ offset }) => offset)).to.deep.equal([0.4, 0, 0]);
    expect(bars.map(({ isJoined }) => isJoined)).to.deep.equal([true, true, false]);
  });

  it('draws the time in the proxy on both sides of the time at the peer', () => {
    const [bar] = layOut([call({ requestProxyMs: 1, peerMs: 6, responseProxyMs: 3 })]).bars;
    expect(bar).to.include({ request: 0.1, peer: 0.6, response: 0.3, isCut: false });
  });

  it('cuts the one long call instead of flattening all others', () => {
    const short = Array.from({ length: 20 }, (_, i) => call({ sequence: i + 1, start: i * 100 }));
    const { limit, bars } = layOut([call({ sequence: 99, start: 9_000, peerMs: 30_000 }), ...short.reverse()]);
    expect(limit).to.equal(10);
    expect(bars[0]).to.include({ isCut: true, response: 0 });
    expect(bars[1]).to.include({ isCut: false });
  });

  it('keeps every bar within the axis, in the order given, and every part that took time visible unless it is cut', () => {
    fc.assert(
      fc.property(calls, (list) => {
        const { limit, bars } = layOut(list);
        expect(bars).to.have.length(list.length);
        for (const [i, { offset, request, peer, response, isCut }] of bars.entries()) {
          expect(offset).to.be.within(0, 1);
          expect(offset + request + peer + response).to.be.at.most(1 + 1e-9);
          const one = list[i];
          if (one === undefined || isCut) continue;
          expect(totalOf(one)).to.be.at.most(limit * 1.01);
        }
      }),
    );
  });
});
