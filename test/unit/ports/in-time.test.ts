import { expect } from 'chai';
import { inTime } from '../../../proxy/ports/in-time.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('work in time', () => {
  it('gives what the work gives, and leaves no timer', async () => {
    const clock = new FakeClock();
    expect(await inTime(Promise.resolve(7), 1_000, clock)).to.equal(7);
    expect(clock.timers).to.equal(0);
  });

  it('waits no longer than the time', async () => {
    const clock = new FakeClock();
    const waiting = inTime(new Promise(() => {}), 1_000, clock);
    clock.advance(1_000);
    expect(await waiting).to.equal(undefined);
  });

  it('fails as the work does, and leaves no timer', async () => {
    const clock = new FakeClock();
    const failed = await inTime(Promise.reject(new Error('no')), 1_000, clock).catch((error: Error) => error.message);
    expect([failed, clock.timers]).to.deep.equal(['no', 0]);
  });
});
