import { expect } from 'chai';
import { attached, TIMES } from '../../support/fake-fleet.js';

const { renew, dead } = TIMES;

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

  it('is not concluded from a store that has lost everybody, the judge included', async () => {
    const [fleet, a, b] = await attached(2);
    if (a === undefined || b === undefined) return;
    expect([await a.arrive('m'), await a.arrive('m')]).to.deep.equal(['waits', 'paired']);
    fleet.tables.records.clear();
    expect(await b.arrive('m')).to.equal('unplaced');
    expect(b.told).to.include('reincarnated store_lost');
    await fleet.advance(renew);
    expect([a.deposed, a.seats.get('m'), await b.arrive('m')]).to.deep.equal([[], 2, 'full']);
  });

  it('is not concluded from a time in which the store was away: everybody has the time of death anew', async () => {
    const [fleet, a, b] = await attached(2);
    if (a === undefined || b === undefined) return;
    expect(await a.arrive('m')).to.equal('waits');
    a.isCutOff = true;
    fleet.disconnect();
    await fleet.advance(2 * dead);
    b.store.connected = true;
    await fleet.advance(dead - 500);
    expect(await b.arrive('m')).to.equal('unplaced');
    await fleet.advance(2 * renew);
    expect(await b.arrive('m')).to.equal('waits');
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
