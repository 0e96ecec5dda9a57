import { expect } from 'chai';
import { explore } from '../unit/cluster/model/explore.js';
import { ALL } from '../unit/cluster/model/rules.js';
import { UNTIL_HEALED, UNTIL_RENEWAL } from '../unit/cluster/model/wrong.js';

/** Each exploration takes about a minute, and a gigabyte. */
const TIME = 600_000;

describe('the model of the ownership protocol, further', () => {
  for (const wipe of [false, true]) {
    it(`two replicas, more peers${wipe ? ', and a store that loses everything' : ''}`, () => {
      const bounds = { replicas: 2, arrivals: 5, leaves: 2, faults: 2 };
      const { wrong } = explore({ rules: ALL, lost: 'keep', wipe, forgets: false }, bounds);
      expect([...wrong.keys()].sort()).to.deep.equal([UNTIL_HEALED, UNTIL_RENEWAL]);
    }).timeout(TIME);
  }

  it('two replicas that look for claims they left behind, and a store that forgets deletions', () => {
    const bounds = { replicas: 2, arrivals: 4, leaves: 1, faults: 2, sweeps: 1 };
    const { wrong } = explore({ rules: ALL, lost: 'keep', wipe: false, forgets: true }, bounds);
    expect([...wrong.keys()].sort()).to.deep.equal([UNTIL_HEALED, UNTIL_RENEWAL]);
  }).timeout(TIME);

  it('three replicas', () => {
    const bounds = { replicas: 3, arrivals: 4, leaves: 1, faults: 2 };
    const { wrong } = explore({ rules: ALL, lost: 'end', wipe: false, forgets: false }, bounds);
    expect([...wrong]).to.deep.equal([]);
  }).timeout(TIME);
});
