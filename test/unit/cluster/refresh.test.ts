import { expect } from 'chai';
import { ClusterCounts } from '../../../proxy/cluster/counts.js';
import { Assertion } from '../../../proxy/cluster/ownership/assertion.js';
import { Claims } from '../../../proxy/cluster/ownership/claims.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeStore, FakeTables } from '../../support/fake-store.js';

describe('a claim that grows old', () => {
  const tables = new FakeTables();
  const clock = new FakeClock();
  const claims = new Claims();
  const claim = { format: 1, incarnation: 'me', name: 'r1', address: 'unix:r1.sock' };
  const deposed: string[] = [];
  const assertion = new Assertion({
    ...{ store: new FakeStore(tables, clock), clock, claims, counts: new ClusterCounts(), claim: () => claim },
    isOwn: (incarnation) => incarnation === 'me',
    deposed: (meetupIds) => void deposed.push(...meetupIds),
  });

  it('is written again before the store forgets it; a younger one is left alone, and one that was lost is noticed', async () => {
    for (const [at, meetupId] of [
      [0, 'old'],
      [0, 'gone'],
      [50, 'young'],
    ] as const) {
      clock.advance(at - clock.steady());
      const put = tables.put(tables.claims, meetupId, claim, 0);
      if (put.t === 'written') claims.took(meetupId, put.sequence, 1, clock.steady());
    }
    tables.put(tables.claims, 'gone', { ...claim, incarnation: 'another' }, tables.claims.get('gone')?.sequence ?? 0);
    clock.advance(50);
    const before = tables.claims.get('young')?.sequence;
    await assertion.refresh(50);
    expect(tables.claims.get('old')?.sequence).to.be.greaterThan(4);
    expect(tables.claims.get('young')?.sequence).to.equal(before);
    expect([deposed, claims.has('gone'), claims.has('old'), claims.unasserted]).to.deep.equal([
      ['gone'],
      false,
      true,
      0,
    ]);
    await assertion.refresh(50);
    expect(tables.claims.get('old')?.sequence).to.equal(5);
  });
});
