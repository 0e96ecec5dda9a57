import { expect } from 'chai';
import { Leftovers } from '../../../proxy/cluster/ownership/leftovers.js';
import { FakeClock } from '../../support/fake-clock.js';
import { attached, type FakeFleet, type FakeReplica, settled, TIMES } from '../../support/fake-fleet.js';
import { FakeStore, FakeTables } from '../../support/fake-store.js';

const { renew } = TIMES;

/** The store is killed, and has forgotten its last deletions. */
async function isKilled(fleet: FakeFleet): Promise<void> {
  await settled();
  expect(fleet.tables.claims.size).to.equal(0);
  fleet.disconnect();
  fleet.tables.forgetDeletions();
  expect(fleet.tables.claims.size).to.equal(1);
}

/** Its line to the store stands again. */
async function reconnects(fleet: FakeFleet, ...replicas: readonly FakeReplica[]): Promise<void> {
  for (const { store } of replicas) store.connected = true;
  await fleet.advance(renew);
}

describe('claims that were left behind', () => {
  it('one whose deletion the store has forgotten is released at the next attachment', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    a.leave('m');
    await isKilled(fleet);
    await reconnects(fleet, a);
    expect([a.cluster.standing.t, fleet.tables.claims.size]).to.deep.equal(['attached', 0]);
  });

  it('one whose release was lost with the line, and one whose write was answered by nobody, too', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    a.store.fates.push({});
    a.leave('m');
    a.store.claimFates.push({ applied: 3_000 });
    a.store.fates.push(...Array.from({ length: 8 }, () => ({})));
    const asked = a.arrive('n');
    await fleet.advance(TIMES.placing);
    expect(await asked).to.equal('unplaced');
    a.store.fates.length = 0;
    expect([...fleet.tables.claims.keys()].sort()).to.deep.equal(['m', 'n']);
    fleet.disconnect();
    await reconnects(fleet, a);
    expect(fleet.tables.claims.size).to.equal(0);
  });

  it('one of an incarnation that has ended, too', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    a.leave('m');
    await isKilled(fleet);
    fleet.tables.records.set(a.cluster.incarnation, { value: { format: 1, dead: 'r9' }, sequence: 99 });
    await reconnects(fleet, a);
    await fleet.advance(renew);
    expect([a.cluster.standing.t, fleet.tables.claims.size]).to.deep.equal(['attached', 0]);
  });

  it('one of which nothing is heard, or whose release is lost, is looked at again', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    a.leave('m');
    await isKilled(fleet);
    // The renewal, a look without an answer, a look, and its release.
    a.store.fates.push({ applied: 0, answered: 0 }, {}, { applied: 0, answered: 0 }, {});
    await reconnects(fleet, a);
    await fleet.advance(2 * renew);
    expect(fleet.tables.claims.size).to.equal(1);
    await fleet.advance(2 * renew);
    expect(fleet.tables.claims.size).to.equal(0);
  });

  it('one that is just being taken stays', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    a.leave('m');
    fleet.disconnect();
    // The renewal, and the look, which sees the newcomer's write before that one's answer is there.
    a.store.fates.push({ applied: 0, answered: 0 }, { applied: 100, answered: 100 });
    a.store.claimFates.push({ applied: 0, answered: 900 });
    a.store.connected = true;
    await settled();
    const asked = a.arrive('m');
    await fleet.advance(1_000);
    expect([await asked, await a.arrive('m')]).to.deep.equal(['waits', 'paired']);
    expect([fleet.tables.claims.get('m')?.value.incarnation, fleet.faults]).to.deep.equal([a.cluster.incarnation, []]);
  });

  it('another replica took it: it stays with that one', async () => {
    const [fleet, a, b] = await attached(2);
    if (a === undefined || b === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    a.leave('m');
    expect(await b.arrive('m')).to.equal('waits');
    fleet.disconnect();
    await reconnects(fleet, a, b);
    expect(fleet.tables.claims.get('m')?.value.incarnation).to.equal(b.cluster.incarnation);
    expect(await a.arrive('m')).to.equal('paired');
  });
});

describe('what may have been left behind', () => {
  const OWN = { format: 1, incarnation: 'me', name: 'r1', address: 'unix:r1.sock' };

  function remembered(underway: (tables: FakeTables) => boolean = () => false) {
    const tables = new FakeTables();
    const clock = new FakeClock();
    const store = new FakeStore(tables, clock);
    let mayRelease = true;
    const leftovers = new Leftovers({
      ...{ store, clock },
      isOwn: (incarnation) => incarnation === 'me',
      isInUse: () => underway(tables),
      mayRelease: () => mayRelease,
    });
    const left = (meetupId: string): void => {
      tables.put(tables.claims, meetupId, OWN, 0);
      leftovers.note(meetupId);
    };
    const detach = (): void => {
      mayRelease = false;
    };
    return { tables, clock, leftovers, left, detach };
  }

  it('is forgotten after five minutes', async () => {
    const { tables, clock, leftovers, left } = remembered();
    left('old');
    clock.advance(300_001);
    left('young');
    await leftovers.sweep();
    expect([...tables.claims.keys()]).to.deep.equal(['old']);
  });

  it('is forgotten even if nothing was left since', async () => {
    const { tables, clock, leftovers, left } = remembered();
    left('old');
    clock.advance(300_001);
    await leftovers.sweep();
    expect([...tables.claims.keys()]).to.deep.equal(['old']);
  });

  it('is 65,536 meetups at most, of which the oldest are forgotten', async () => {
    const { tables, leftovers, left } = remembered();
    left('first');
    left('second');
    for (let at = 0; at < 65_535; at += 1) leftovers.note(`${at}`);
    await leftovers.sweep();
    expect([...tables.claims.keys()]).to.deep.equal(['first']);
  });

  it('is looked at sixteen at a time, and left alone once this replica is detached', async () => {
    const { tables, leftovers, left, detach } = remembered();
    for (let at = 0; at < 100; at += 1) left(`${at}`);
    const swept = leftovers.sweep();
    detach();
    await swept;
    expect(tables.claims.size).to.equal(84);
  });

  it('stays where somebody is underway to it', async () => {
    const { tables, leftovers, left } = remembered(() => true);
    left('m');
    await leftovers.sweep();
    expect(tables.claims.size).to.equal(1);
  });
});
