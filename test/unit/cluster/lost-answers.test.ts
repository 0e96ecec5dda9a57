import { expect } from 'chai';
import { attached, type FakeFleet, settled, TIMES } from '../../support/fake-fleet.js';

const { renew, dead } = TIMES;
/** The store takes it, and its answer is lost. */
const LOST = { applied: 0 };

function sequenceOf(fleet: FakeFleet, meetupId: string): number | undefined {
  return fleet.tables.claims.get(meetupId)?.sequence;
}

describe('answers of the store that are lost or late', () => {
  it('a claim: it is found, and written again, so that no late release takes it away', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    a.store.claimFates.push(LOST);
    const asked = a.arrive('m');
    await fleet.advance(2_000);
    expect(await asked).to.equal('waits');
    const first = sequenceOf(fleet, 'm') ?? 0;
    a.store.fates.push({ applied: 500, answered: 0 });
    a.leave('m');
    expect(await a.arrive('m')).to.equal('waits');
    expect(sequenceOf(fleet, 'm')).to.be.greaterThan(first);
    await fleet.advance(1_000);
    expect(fleet.tables.claims.has('m')).to.equal(true);
  });

  it('a claim that comes through when the newcomer was told to come again: it is given back', async () => {
    const [fleet, a, b] = await attached(2);
    if (a === undefined || b === undefined) return;
    a.store.claimFates.push({}, {}, { applied: 1_400, answered: 0 });
    const asked = a.arrive('m');
    await fleet.advance(TIMES.placing);
    expect(await asked).to.equal('unplaced');
    expect(fleet.tables.claims.has('m')).to.equal(false);
    await fleet.advance(400);
    expect([fleet.tables.claims.has('m'), a.cluster.counts.taken]).to.deep.equal([false, 1]);
    expect(a.cluster.meetups).to.equal(0);
    expect(await b.arrive('m')).to.equal('waits');
  });

  it('a renewal: its number is learned, and nobody notices', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    const { incarnation } = a.cluster;
    a.store.fates.push(LOST);
    await fleet.advance(3 * renew);
    expect([a.cluster.incarnation, a.told]).to.deep.equal([incarnation, ['attached']]);
  });

  it('a renewal that comes through after others have declared this replica dead changes nothing', async () => {
    const [fleet, a, b] = await attached(2);
    if (a === undefined || b === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    const { incarnation } = a.cluster;
    a.store.fates.push({ applied: 15_000 }, {}, {}, {}, {}, {}, {}, {}, {});
    a.isCutOff = true;
    await fleet.advance(dead + renew);
    expect(await b.arrive('m')).to.equal('waits');
    await fleet.advance(20_000);
    expect(fleet.tables.records.get(incarnation)?.value).to.have.property('dead');
    expect(a.deposed).to.deep.equal(['m']);
  });

  it('an assertion: the claim stays unasserted, and this replica detached, until the store has answered', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    fleet.tables.records.set(a.cluster.incarnation, { value: { format: 1, dead: 'r9' }, sequence: 99 });
    a.store.claimFates.push({});
    await fleet.advance(renew);
    expect(a.told).to.deep.equal(['attached', 'detached declared_dead', 'reincarnated declared_dead']);
    expect(a.cluster.mayPair).to.equal(false);
    await fleet.advance(2 * renew);
    expect(a.told.at(-1)).to.equal('attached');
    expect(fleet.tables.claims.get('m')?.value.incarnation).to.equal(a.cluster.incarnation);
    expect(await a.arrive('m')).to.equal('paired');
  });

  it('a claim whose answer finds another incarnation: it is written again under that one', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    await fleet.advance(renew - 500);
    a.store.claimFates.push({ applied: 0, answered: 1_000 });
    const asked = a.arrive('m');
    await fleet.advance(100);
    const { incarnation } = a.cluster;
    fleet.tables.records.set(incarnation, { value: { format: 1, dead: 'r9' }, sequence: 99 });
    await fleet.advance(renew);
    expect(await asked).to.equal('waits');
    expect(a.cluster.incarnation).to.not.equal(incarnation);
    expect(fleet.tables.claims.get('m')?.value.incarnation).to.equal(a.cluster.incarnation);
  });

  it('a release of a replica that is detached waits until it is attached', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    a.store.connected = false;
    a.leave('m');
    expect(fleet.tables.claims.has('m')).to.equal(true);
    a.store.connected = true;
    await settled();
    expect([fleet.tables.claims.size, a.cluster.meetups]).to.deep.equal([0, 0]);
  });
});
