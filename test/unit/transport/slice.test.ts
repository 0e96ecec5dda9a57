import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { MAX_SLICE_BYTES, Slice } from '../../../proxy/transport/slice.js';

function sliced() {
  const calls: string[] = [];
  const slice = new Slice({ rest: () => calls.push('rest'), goOn: () => calls.push('go on') });
  return { slice, calls };
}

describe('a slice of the event loop', () => {
  it('is over once, when more than it came in one turn, and begins anew in the next', async () => {
    const { slice, calls } = sliced();
    for (const round of [1, 2]) {
      slice.take(MAX_SLICE_BYTES);
      expect(calls).to.have.length(2 * (round - 1));
      slice.take(1);
      slice.take(MAX_SLICE_BYTES);
      expect(calls.slice(2 * (round - 1))).to.deep.equal(['rest']);
      await turn();
      await turn();
      expect(calls.slice(2 * (round - 1))).to.deep.equal(['rest', 'go on']);
      await turn();
    }
  });

  it('lasts for ever where no turn has too much', async () => {
    const { slice, calls } = sliced();
    for (let round = 0; round < 10; round += 1) {
      slice.take(MAX_SLICE_BYTES);
      await turn();
    }
    expect(calls).to.deep.equal([]);
  });

  it('is each connection’s own', async () => {
    const [one, two] = [sliced(), sliced()];
    one.slice.take(MAX_SLICE_BYTES + 1);
    two.slice.take(1);
    expect([one.calls, two.calls]).to.deep.equal([['rest'], []]);
    await turn();
    await turn();
  });
});
