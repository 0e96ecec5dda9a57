import { expect } from 'chai';
import { faultOfTimes, STORE_ANSWER } from '../../../proxy/cluster/times.js';
import { clusterTimes } from '../../../proxy/config/bounds.js';
import { loadConfig } from '../../../proxy/config/load.js';
import { TIMES } from '../../support/fake-fleet.js';

const PROBE = 2_000;

describe('the times of the fleet', () => {
  it('fit each other by default, and the tests of the protocol have the same', () => {
    const config = loadConfig({ flags: {}, environment: {} });
    expect(clusterTimes(config)).to.deep.equal(TIMES);
    expect(faultOfTimes(clusterTimes(config), config.probeTimeout)).to.equal(undefined);
  });

  const wrong: readonly (readonly [Partial<typeof TIMES>, number, string])[] = [
    [{ self: 3_400 }, PROBE, '--cluster-self is 3.4s: it must be at least 3.5s'],
    [{ dead: 7_000 }, PROBE, '--cluster-dead is 7s: it must be above 7s'],
    [{}, 2_500, '--hop-answer is 2.5s: it must be above 2.5s, which is --probe-timeout'],
    [{ placing: 3_400 }, PROBE, '--placing is 3.4s: it must be at least 3.5s'],
  ];
  for (const [times, probe, fault] of wrong) {
    it(`are refused where ${fault.slice(0, fault.indexOf(':'))}`, () => {
      expect(faultOfTimes({ ...TIMES, ...times }, probe)).to.match(new RegExp(`^${fault}`));
    });
  }

  it('let one renewal be lost', () => {
    expect(TIMES.renew + STORE_ANSWER).to.be.at.most(TIMES.self);
  });
});
