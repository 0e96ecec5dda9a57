import { expect } from 'chai';
import { explore } from './model/explore.js';
import { ALL, type Rules, type World } from './model/rules.js';
import { FOR_GOOD, ON_LOST_CLAIM, UNTIL_HEALED, UNTIL_RENEWAL } from './model/wrong.js';

const BOUNDS = { replicas: 2, arrivals: 4, leaves: 1, faults: 2 };
/** A replica looks for claims that it has left behind. */
const SWEPT = { replicas: 2, arrivals: 3, leaves: 1, faults: 1, sweeps: 1 };
const KEEP: World = { rules: ALL, lost: 'keep', wipe: false, forgets: false };

/** A rule, and what goes wrong without it. */
const NEEDED: readonly (readonly [keyof Rules, string, { readonly wipe?: boolean; readonly lost?: 'end' }])[] = [
  ['clock', ON_LOST_CLAIM, {}],
  ['timing', ON_LOST_CLAIM, {}],
  ['fence', ON_LOST_CLAIM, {}],
  ['present', FOR_GOOD, {}],
  ['tombstone', FOR_GOOD, {}],
  ['keep', FOR_GOOD, {}],
  ['sweep', ON_LOST_CLAIM, {}],
  ['disconnect', ON_LOST_CLAIM, { wipe: true }],
  // Pairs that end when their replica is cut off could be protected by nothing else.
  ['quarantine', UNTIL_HEALED, { wipe: true, lost: 'end' }],
];

describe('the model of the ownership protocol, in every order of events', () => {
  it('pairs that stay: only an old pair stands beside a new one, and not for good', () => {
    const { wrong, states } = explore(KEEP, BOUNDS);
    expect([...wrong.keys()].sort()).to.deep.equal([UNTIL_HEALED, UNTIL_RENEWAL]);
    expect(states).to.be.greaterThan(50_000);
  });

  it('pairs that end when their replica is lost: never two at a time', () => {
    const { wrong, states } = explore({ ...KEEP, lost: 'end' }, BOUNDS);
    expect([...wrong]).to.deep.equal([]);
    expect(states).to.be.greaterThan(50_000);
  });

  it('a store that loses everything: no pair is made on a lost claim', () => {
    const { wrong } = explore({ ...KEEP, wipe: true }, { ...BOUNDS, arrivals: 3, leaves: 0 });
    expect([...wrong.keys()]).to.not.include.members([ON_LOST_CLAIM]);
    expect([...wrong.keys()]).to.not.include.members([FOR_GOOD]);
  });

  it('a store that is killed and forgets its last deletion, and replicas that look for what they left: the same', () => {
    const { wrong, states } = explore({ ...KEEP, forgets: true }, SWEPT);
    expect([...wrong.keys()]).to.not.include.members([ON_LOST_CLAIM]);
    expect([...wrong.keys()]).to.not.include.members([FOR_GOOD]);
    expect(states).to.be.greaterThan(5_000);
  });

  for (const [rule, fault, world] of NEEDED) {
    it(`needs its rule "${rule}"`, () => {
      const bounds = rule === 'sweep' ? SWEPT : BOUNDS;
      const { wrong } = explore({ ...KEEP, ...world, rules: { ...ALL, [rule]: false } }, bounds, fault);
      expect([...wrong.keys()]).to.include(fault);
    });
  }
});
