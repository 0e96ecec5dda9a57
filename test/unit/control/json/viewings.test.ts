import { expect } from 'chai';
import { MAX_VIEWINGS, VIEWING_TIME, Viewings } from '../../../../proxy/control/json/viewings.js';
import { FakeClock } from '../../../support/fake-clock.js';

describe('the lines of the audit of who looks at the page', () => {
  let clock: FakeClock;
  let viewings: Viewings;
  beforeEach(() => {
    clock = new FakeClock();
    viewings = new Viewings(clock);
  });
  const lines = (...paths: readonly string[]): boolean[] => paths.map((path) => viewings.hasLine(path, 'ab'));

  it('are of the document and of each call, and of no file', () => {
    expect(lines('/', '/page/call', '/page/call', '/', '/page/main.js', '/page/base.css')).to.deep.equal([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('are one in a while of what is asked again and again, the document opened or not', () => {
    expect(lines('/page/state', '/page/state')).to.deep.equal([true, false]);
    clock.advance(VIEWING_TIME - 1);
    expect(lines('/page/state')).to.deep.equal([false]);
    clock.advance(1);
    expect(lines('/page/state', '/page/state', '/', '/page/state')).to.deep.equal([true, false, true, false]);
    expect(viewings.hasLine('/page/state', 'cd')).to.equal(true);
  });

  it('are remembered of a bounded number of certificates', () => {
    for (let n = 0; n <= MAX_VIEWINGS; n += 1) expect(viewings.hasLine('/page/state', `${n}`)).to.equal(true);
    expect(['1', '0'].map((one) => viewings.hasLine('/page/state', one))).to.deep.equal([false, true]);
  });
});
