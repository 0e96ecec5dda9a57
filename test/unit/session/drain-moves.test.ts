import { expect } from 'chai';
import fc from 'fast-check';
import { MovingWorld } from '../../support/moving-world.js';

/** An act of a test at some moment; a number is the choice of the next event. */
const step = fc.oneof({ weight: 5, arbitrary: fc.nat(1_000) }, { weight: 2, arbitrary: fc.constant('call' as const) });

async function live(before: readonly (number | 'call')[], after: readonly (number | 'call')[], deadline: number) {
  const world = new MovingWorld();
  const play = async (steps: readonly (number | 'call')[]): Promise<void> => {
    for (const one of steps) {
      if (one === 'call') world.call();
      else await world.step(one);
    }
  };
  // The first pair.
  for (let turn = 0; turn < 12; turn += 1) await world.step(0);
  await play(before);
  world.drain({ deadline });
  await play(after);
  await world.finish();
  await world.stop();
  return world;
}

describe('a proxy that restarts between a bridge and a gateway', () => {
  it('[CLOSE-9] loses no call and makes none twice, in whatever order things happen', async function () {
    this.timeout(60_000);
    const steps = fc.array(step, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, steps, async (before, after) => {
        const { fates, restarts } = await live(before, after, 3_600_000);
        for (const fate of fates.values()) expect(fate).to.deep.equal({ carriedOut: 1, outcomes: ['200'] });
        expect(restarts).to.be.at.most(1);
      }),
      { numRuns: 60 },
    );
  });

  it('[CLOSE-9] makes none twice at its deadline either, and fails only what it may have carried out', async function () {
    this.timeout(60_000);
    const steps = fc.array(step, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, steps, async (before, after) => {
        const { fates } = await live(before, after, 200);
        for (const { carriedOut, outcomes } of fates.values()) {
          if (outcomes[0] === '200') expect(carriedOut).to.equal(1);
          else expect([carriedOut <= 1, outcomes]).to.deep.equal([true, ['disconnected']]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
