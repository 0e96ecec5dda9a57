import { expect } from 'chai';
import { DialTurns } from '../../../proxy/door/hop/dial-turns.js';
import { FakeClock } from '../../support/fake-clock.js';

const AT_ONCE = 2;

describe('the turns of dials', () => {
  let clock: FakeClock;
  let turns: DialTurns;
  /** Dials that go on, by what they are called, in the order in which they began. */
  let underway: Map<string, () => void>;

  beforeEach(() => {
    clock = new FakeClock();
    turns = new DialTurns(clock, AT_ONCE);
    underway = new Map();
  });

  function take(what: string, time: number, replica = 'r'): Promise<string | undefined> {
    return turns.take(replica, time, () => {
      return new Promise((resolve) => {
        underway.set(what, () => {
          underway.delete(what);
          resolve(what);
        });
      });
    });
  }

  /** Ends a dial, and lets what follows from it happen. */
  async function end(what: string): Promise<void> {
    underway.get(what)?.();
    await new Promise((resolve) => setImmediate(resolve));
  }

  it('are so many at once, and then in the order in which they were asked for', async () => {
    const all = ['a', 'b', 'c', 'd'].map((what) => take(what, 100));
    expect([...underway.keys()]).to.deep.equal(['a', 'b']);
    await end('b');
    expect([...underway.keys()]).to.deep.equal(['a', 'c']);
    await end('c');
    await end('a');
    await end('d');
    expect(await Promise.all(all)).to.deep.equal(['a', 'b', 'c', 'd']);
    expect([turns.size, clock.timers]).to.deep.equal([0, 0]);
  });

  it('do not come where the time is over, and are nobody else’s loss', async () => {
    const all = [take('a', 100), take('b', 100), take('late', 50), take('c', 100)];
    clock.advance(50);
    expect(await all[2]).to.equal(undefined);
    await end('a');
    expect([...underway.keys()]).to.deep.equal(['b', 'c']);
    await end('b');
    await end('c');
    expect(await Promise.all(all)).to.deep.equal(['a', 'b', undefined, 'c']);
    expect([turns.size, clock.timers]).to.deep.equal([0, 0]);
  });

  it('of one replica are not those of another', () => {
    for (const what of ['a', 'b', 'c']) void take(what, 100, 'one');
    void take('other', 100, 'another');
    expect([...underway.keys()]).to.deep.equal(['a', 'b', 'other']);
  });
});
