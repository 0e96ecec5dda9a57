import { expect } from 'chai';
import { FakeFleet, type FakeReplica, settled, TIMES } from '../../support/fake-fleet.js';

const { renew, dead } = TIMES;
/** The store takes it, and its answer is lost. */
const LOST = { applied: 0 };

async function attached(count: number): Promise<[FakeFleet, ...FakeReplica[]]> {
  const fleet = new FakeFleet();
  const replicas = Array.from({ length: count }, () => fleet.add());
  await fleet.advance(dead + renew);
  return [fleet, ...replicas];
}

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

describe('the death of a replica', () => {
  it('is declared once for all newcomers that wait for it', async () => {
    const [fleet, a, b] = await attached(2);
    if (a === undefined || b === undefined) return;
    const meetups = Array.from({ length: 50 }, (_, i) => `m${i}`);
    for (const meetupId of meetups) expect(await a.arrive(meetupId)).to.equal('waits');
    a.die();
    const arrivals = await Promise.all(meetups.map((meetupId) => b.arrive(meetupId)));
    expect(new Set(arrivals)).to.deep.equal(new Set(['waits']));
    const { declared, takenOver } = b.cluster.counts;
    expect([declared, takenOver]).to.deep.equal([1, 50]);
    expect([...fleet.tables.claims.values()].map(({ value }) => value.incarnation)).to.deep.equal(
      meetups.map(() => b.cluster.incarnation),
    );
  });

  it('is not declared where the address refuses but somebody answers for it', async () => {
    const [, a, b] = await attached(2);
    if (a === undefined || b === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    const owner = { incarnation: a.cluster.incarnation, replica: a.name, address: a.address };
    expect(await b.cluster.locate('m', { owner, fault: 'refused' })).to.include({ t: 'nowhere' });
    expect(a.cluster.mayPair).to.equal(true);
  });

  it('of one whose record the store has forgotten: its claim is taken over, and it could not come back under that name', async () => {
    const [fleet, a] = await attached(1);
    if (a === undefined) return;
    const claim = { format: 1, incarnation: 'old', name: 'r7', address: 'unix:r7.sock' };
    fleet.tables.claims.set('m', { value: claim, sequence: 7 });
    expect(await a.arrive('m')).to.equal('waits');
    expect(fleet.tables.records.get('old')?.value).to.deep.equal({ format: 1, dead: a.cluster.incarnation });
  });

  it('members: the living, this one first; who renews no more is left out without a declaration', async () => {
    const [fleet, a, b, c] = await attached(3);
    if (a === undefined || b === undefined || c === undefined) return;
    const names = async (): Promise<readonly string[]> => (await b.cluster.members()).map(({ replica }) => replica);
    expect(await names()).to.deep.equal(['r1', 'r0', 'r2']);
    expect((await b.cluster.members()).map(({ self }) => self)).to.deep.equal([true, false, false]);
    a.die();
    a.state = 'stopped';
    expect(await names()).to.deep.equal(['r1', 'r0', 'r2']);
    await fleet.advance(dead + 2 * renew);
    expect(await names()).to.deep.equal(['r1', 'r2']);
    b.store.connected = false;
    c.die();
    expect(await names()).to.deep.equal(['r1', 'r2']);
    expect((await c.cluster.members())[0]).to.deep.include({
      replica: 'r2',
      control: 'unix:r2.control',
      version: '1.2.3',
    });
  });
});
