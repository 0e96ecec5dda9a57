import { expect } from 'chai';
import { Places } from '../../../../peer/many/places.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { failure, settled } from '../../../support/fake-network.js';

const patient = (): AbortSignal => new AbortController().signal;

describe('the places for the calls of all meetups', () => {
  const clock = new FakeClock();
  let places: Places;

  beforeEach(() => {
    places = new Places({ maxInFlight: 1, maxHeld: 1 }, clock);
  });

  /** Work that ends when told. */
  function work(time: number, signal = patient()): { readonly done: Promise<string>; readonly end: () => void } {
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    return { done: places.within(time, signal, () => over.then(() => 'done')), end };
  }

  it('refuse who comes when all are taken, and let who waited stand in line', async () => {
    const first = work(0);
    expect(await failure(work(0).done)).to.equal('too_many');
    expect(() => places.enter(false)).to.throw('1 requests are in flight already');
    const second = work(100);
    first.end();
    expect([await first.done, places.taken]).to.deep.equal(['done', 1]);
    second.end();
    expect([await second.done, places.taken]).to.deep.equal(['done', 0]);
  });

  it('are not waited for without end', async () => {
    const first = work(0);
    const late = failure(work(100).done);
    clock.advance(100);
    expect(await late).to.equal('too_many');
    const gone = new AbortController();
    const left = failure(work(100, gone.signal).done);
    gone.abort();
    expect(await left).to.equal('aborted');
    first.end();
    await first.done;
    await settled();
    expect([places.taken, clock.timers]).to.deep.equal([0, 0]);
  });

  it('are given back by work that fails', async () => {
    const fault = places.within(0, patient(), () => Promise.reject(new Error('no')));
    expect(await fault.catch(({ message }) => message)).to.equal('no');
    expect(places.taken).to.equal(0);
  });

  it('have room for so many that wait beside them', () => {
    places.enter(true);
    places.enter(true);
    expect(() => places.enter(true)).to.throw('1 requests wait already');
    places.leave();
    expect(places.inside).to.equal(1);
    places.enter(true);
  });
});
