import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { atLeisure, LEISURE_MS, leisure } from '../../../proxy/ports/leisure.js';
import { burn, TurnCount } from '../../support/event-loop.js';

const LEISURE = fileURLToPath(new URL('../../../proxy/ports/leisure.js', import.meta.url));

describe('work at leisure', () => {
  it('is done later, in the order in which it was given, whatever else it gives', async () => {
    const plan = fc.array(fc.nat(3), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(plan, async (children) => {
        const given: number[] = [];
        const done: number[] = [];
        const give = (more: number): void => {
          const number = given.length;
          given.push(number);
          atLeisure(() => {
            done.push(number);
            for (let left = more; left > 0; left -= 1) give(left - 1);
          });
        };
        for (const more of children) give(more);
        expect(done).to.deep.equal([]);
        while (done.length < given.length) await leisure();
        expect(done).to.deep.equal(given);
      }),
      { numRuns: 50 },
    );
  });

  it('holds the event loop for one slice at a time', async () => {
    const count = new TurnCount();
    const seen: number[] = [];
    for (let left = 4; left > 0; left -= 1)
      atLeisure(() => {
        seen.push(count.turns);
        burn(LEISURE_MS);
      });
    await leisure();
    count.stop();
    expect(new Set(seen).size).to.equal(4);
  });

  it('counts what it sets going without waiting for the world', async () => {
    const count = new TurnCount();
    const seen: number[] = [];
    const work = async (): Promise<void> => {
      await leisure();
      for (let ticks = 0; ticks < 20; ticks += 1) await Promise.resolve();
      seen.push(count.turns);
      burn(LEISURE_MS);
    };
    await Promise.all(Array.from({ length: 4 }, work));
    count.stop();
    expect(new Set(seen).size).to.equal(4);
  });

  it('goes on after work that throws, and swallows nothing', () => {
    const script = `
      import { atLeisure } from ${JSON.stringify(LEISURE)};
      process.on('uncaughtException', ({ message }) => console.log('uncaught', message));
      atLeisure(() => { throw new Error('one'); });
      atLeisure(() => console.log('two'));
      atLeisure(() => { throw new Error('three'); });
      atLeisure(() => console.log('four'));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(stdout.trim().split('\n').toSorted()).to.deep.equal(['four', 'two', 'uncaught one', 'uncaught three']);
  });
});
