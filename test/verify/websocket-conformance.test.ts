import { expect } from 'chai';
import { runAutobahn } from '../conformance/autobahn.js';
import { disagreements } from '../conformance/autobahn-table.js';
import { MeetupFront } from '../conformance/meetup-front.js';
import { edgeOf, socketOf } from '../conformance/products.js';
import { useStack } from '../support/stack.js';
import { needs } from '../support/tools.js';

/** Milliseconds: four times what a quiet machine needs. */
const RUN_MS = 120_000;
/** Cases that the fuzzing client has. */
const CASES = 517;
/** The limits that the largest cases need: 16 MiB in one message, 65,536 fragments. */
const flags = { 'max-message-bytes': '16MiB', 'max-fragments': '65536' };

describe('the Autobahn cases (RFC 6455)', () => {
  needs('kosoku');
  const stack = useStack(() => ({ flags }));

  for (const [what, product] of [
    ['straight at the service’s socket', socketOf],
    ['through the edge, over TLS', edgeOf],
  ] as const) {
    it(`a pair of which one echoes, ${what}: every verdict is OK or explained`, async function () {
      this.timeout(RUN_MS);
      const front = await MeetupFront.listen(product(stack()));
      try {
        const verdicts = await runAutobahn(front.port);
        expect(disagreements(verdicts)).to.deep.equal([]);
        expect(verdicts).to.have.lengthOf(CASES);
      } finally {
        await front.close();
      }
    });
  }

  it('a verdict that nobody explains is told, and so is an explanation of nothing', () => {
    const told = disagreements([{ id: '1.1.1', behavior: 'FAILED', close: 'OK' }]);
    expect(told[0]).to.equal('case 1.1.1: FAILED, closing OK');
    expect(told).to.include('no case of 12.* 13.* ran');
  });
});
