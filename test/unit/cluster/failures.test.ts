import { expect } from 'chai';
import { FakeFleet, type FakeReplica, settled, TIMES } from '../../support/fake-fleet.js';

const { renew, self, dead } = TIMES;

/** Two attached replicas, of which the first has a pair at `m`. */
async function pairAtFirst(lost: 'keep' | 'end' = 'keep'): Promise<[FakeFleet, FakeReplica, FakeReplica]> {
  const fleet = new FakeFleet();
  const [a, b] = [fleet.add({ lost }), fleet.add({ lost })];
  await fleet.advance(dead + renew);
  expect(await a.arrive('m')).to.equal('waits');
  expect(await a.arrive('m')).to.equal('paired');
  return [fleet, a, b];
}

/** Everything that must hold once all has healed: one owner, named by the store, and room for a new pair. */
async function heals(fleet: FakeFleet): Promise<void> {
  await fleet.advance(3 * dead);
  const running = fleet.replicas.filter(({ state }) => state === 'running');
  expect(running.map(({ cluster }) => cluster.standing.t)).to.deep.equal(running.map(() => 'attached'));
  expect(fleet.relaying('m').length).to.be.at.most(1);
  for (const replica of running) for (const meetupId of [...replica.seats.keys()]) replica.leave(meetupId);
  await settled();
  expect(running.map(({ cluster }) => cluster.meetups)).to.deep.equal(running.map(() => 0));
  const [first, last] = [running.at(0), running.at(-1)];
  expect([await first?.arrive('m'), await last?.arrive('m'), await last?.arrive('m')]).to.deep.equal([
    'waits',
    'paired',
    'full',
  ]);
  expect(fleet.faults).to.deep.equal([]);
}

describe('a fleet of replicas', () => {
  it('pairs peers that come in by different replicas, and gives the meetup back after them', async () => {
    const fleet = new FakeFleet();
    const [a, b, c] = [fleet.add(), fleet.add(), fleet.add()];
    await settled();
    expect(await a.arrive('m')).to.equal('waits');
    expect(await b.arrive('m')).to.equal('paired');
    expect(await c.arrive('m')).to.equal('full');
    expect(a.seats.get('m')).to.equal(2);
    a.leave('m');
    expect([...fleet.tables.claims]).to.deep.equal([]);
    expect(await b.arrive('m')).to.equal('waits');
    expect(b.cluster.serves('m')).to.equal(true);
    expect(fleet.faults).to.deep.equal([]);
  });

  it('gives one claim to many that come at once, whichever replica they take', async () => {
    const fleet = new FakeFleet();
    const replicas = [fleet.add(), fleet.add(), fleet.add()];
    await settled();
    const arrivals = await Promise.all(Array.from({ length: 30 }, (_, i) => replicas[i % 3]?.arrive('m')));
    expect(arrivals.filter((one) => one === 'waits')).to.have.length(1);
    expect(arrivals.filter((one) => one === 'paired')).to.have.length(1);
    expect(arrivals.filter((one) => one === 'full')).to.have.length(28);
  });

  it('owner killed: the next newcomer takes the meetup over at once', async () => {
    const [fleet, a, b] = await pairAtFirst();
    a.die();
    expect(await b.arrive('m')).to.equal('waits');
    expect(b.told).to.include('declared: nobody listens at its address, and nobody answers for it');
    expect(b.cluster.counts.takenOver).to.equal(1);
    await heals(fleet);
  });

  it('owner killed and begun anew at its address: it takes its own meetup back', async () => {
    const [fleet, a, b] = await pairAtFirst();
    a.die();
    const again = fleet.add({ name: a.name });
    expect(await again.arrive('m')).to.equal('unplaced');
    await fleet.advance(renew + 500);
    expect(await again.arrive('m')).to.equal('waits');
    expect(await b.arrive('m')).to.equal('paired');
    await heals(fleet);
  });

  it('host lost: newcomers are refused until it has not renewed for the time of death', async () => {
    const [fleet, a, b] = await pairAtFirst();
    a.die();
    a.state = 'stopped';
    expect(await b.arrive('m')).to.equal('unplaced');
    await fleet.advance(dead - renew);
    expect(await b.arrive('m')).to.equal('unplaced');
    await fleet.advance(2 * renew + 500);
    expect(await b.arrive('m')).to.equal('waits');
    expect(b.told).to.include('declared: it renews no more');
  });

  it('owner stopped and resumed with its meetup taken: reads nothing, and its pair is deposed', async () => {
    const [fleet, a, b] = await pairAtFirst();
    expect(await a.arrive('other')).to.equal('waits');
    a.halt();
    await fleet.advance(dead + renew);
    expect(await b.arrive('m')).to.equal('waits');
    expect(await b.arrive('m')).to.equal('paired');
    await fleet.advance(20_000);
    a.resume();
    a.look();
    expect(a.isHeld).to.equal(true);
    expect(a.cluster.mayPair).to.equal(false);
    await settled();
    expect(a.isHeld).to.equal(false);
    expect(a.deposed).to.deep.equal(['m']);
    expect(a.seats.get('other')).to.equal(1);
    expect(a.told.slice(-6)).to.deep.equal([
      'holds',
      'detached woken',
      'reincarnated declared_dead',
      'deposed 1',
      'attached',
      'reads on',
    ]);
    await heals(fleet);
  });

  it('owner stopped and resumed without the store: reads on after two seconds, or ends its pairs', async () => {
    for (const lost of ['keep', 'end'] as const) {
      const [fleet, a] = await pairAtFirst(lost);
      a.halt();
      await fleet.advance(30_000);
      a.store.connected = false;
      a.resume();
      a.look();
      expect(a.isHeld).to.equal(true);
      await fleet.advance(2_000);
      expect(a.isHeld).to.equal(false);
      expect(a.seats.get('m')).to.equal(lost === 'keep' ? 2 : undefined);
    }
  });

  it('owner that lost many meetups: their peers go together, before it reads anybody again', async () => {
    const [fleet, a, b] = await pairAtFirst();
    const meetups = Array.from({ length: 80 }, (_, i) => `m${i}`);
    for (const meetupId of meetups) expect([await a.arrive(meetupId), await a.arrive(meetupId)]).to.include('paired');
    a.halt();
    await fleet.advance(dead + renew);
    for (const meetupId of meetups.slice(1)) expect(await b.arrive(meetupId)).to.equal('waits');
    a.resume();
    a.look();
    await settled();
    expect(a.told.slice(-3)).to.deep.equal(['deposed 79', 'attached', 'reads on']);
    expect([...a.deposed].sort()).to.deep.equal(meetups.slice(1).sort());
    expect([...a.seats.keys()].sort()).to.deep.equal(['m', 'm0']);
    await heals(fleet);
  });

  it('a short stop is no stop', async () => {
    const [fleet, a] = await pairAtFirst();
    a.halt();
    await fleet.advance(dead - self - 200);
    a.resume();
    a.look();
    await settled();
    expect(a.told).to.not.include('holds');
  });

  it('cut from the store, reachable: keeps its pairs, answers third peers by hop, and takes nothing new', async () => {
    const [fleet, a, b] = await pairAtFirst();
    a.store.connected = false;
    await fleet.advance(3 * dead);
    expect(a.seats.get('m')).to.equal(2);
    expect(await b.arrive('m')).to.equal('full');
    const asked = a.arrive('new');
    await fleet.advance(TIMES.placing);
    expect(await asked).to.equal('unplaced');
    a.store.connected = true;
    await settled();
    expect(a.cluster.standing.t).to.equal('attached');
    expect(a.seats.get('m')).to.equal(2);
    await heals(fleet);
  });

  it('cut from the store without a sign: detached when no renewal is answered, and pairs nobody even before its timer', async () => {
    const [fleet, a] = await pairAtFirst();
    expect(await a.arrive('n')).to.equal('waits');
    a.store.isDeaf = true;
    await fleet.advance(self);
    a.clock.advance(1);
    expect(await a.arrive('n')).to.equal('unplaced');
    await fleet.advance(renew);
    expect(a.told.at(-1)).to.equal('detached overdue');
    a.store.isDeaf = false;
    await fleet.advance(renew);
    expect(await a.arrive('n')).to.equal('paired');
    await heals(fleet);
  });

  it('cut from the store and from the others: its pairs stay, or end before anybody can take over', async () => {
    for (const lost of ['keep', 'end'] as const) {
      const [fleet, a, b] = await pairAtFirst(lost);
      a.store.connected = false;
      a.isCutOff = true;
      await fleet.advance(self + 500);
      expect(a.seats.get('m')).to.equal(lost === 'keep' ? 2 : undefined);
      expect(await b.arrive('m')).to.equal('unplaced');
      await fleet.advance(dead - self + renew);
      expect([await b.arrive('m'), await b.arrive('m')]).to.deep.equal(['waits', 'paired']);
      // The one documented case in which an old pair stands beside a new one, until it heals.
      expect(fleet.relaying('m')).to.have.length(lost === 'keep' ? 2 : 1);
      a.isCutOff = false;
      a.store.connected = true;
      await settled();
      expect(fleet.relaying('m')).to.deep.equal([b]);
      await heals(fleet);
    }
  });

  it('store restarted: no pair breaks, newcomers wait for it', async () => {
    const [fleet, a, b] = await pairAtFirst();
    fleet.disconnect();
    const asked = b.arrive('n');
    await fleet.advance(3_000);
    for (const { store } of fleet.replicas) store.connected = true;
    expect(await asked).to.equal('waits');
    expect(a.seats.get('m')).to.equal(2);
    await fleet.advance(12_000);
    expect(a.deposed.concat(b.deposed)).to.deep.equal([]);
    await heals(fleet);
  });

  it('store wiped: no pair breaks, every claim is made anew, and free meetups wait for that', async () => {
    const [fleet, a, b] = await pairAtFirst();
    fleet.disconnect();
    fleet.tables.wipe();
    b.store.connected = true;
    await settled();
    expect(b.told.slice(-2)).to.deep.equal(['reincarnated store_lost', 'quarantine']);
    const asked = b.arrive('m');
    await fleet.advance(3_000);
    a.store.connected = true;
    await fleet.advance(renew);
    expect(await asked).to.equal('full');
    expect(a.seats.get('m')).to.equal(2);
    expect(fleet.tables.claims.get('m')?.value.incarnation).to.equal(a.cluster.incarnation);
    await heals(fleet);
  });

  it('store back at an earlier time: whoever misses a renewal asserts anew', async () => {
    const [fleet, a, b] = await pairAtFirst();
    const before = new Map(fleet.tables.records);
    await fleet.advance(renew);
    expect(await b.arrive('late')).to.equal('waits');
    fleet.disconnect();
    fleet.tables.claims.delete('late');
    for (const [incarnation, stored] of before) fleet.tables.records.set(incarnation, stored);
    for (const { store } of fleet.replicas) store.connected = true;
    await settled();
    expect(b.told).to.include('reincarnated store_lost');
    expect(fleet.tables.claims.get('late')?.value.incarnation).to.equal(b.cluster.incarnation);
    expect(a.seats.get('m')).to.equal(2);
    await heals(fleet);
  });

  it('drained: its meetups and its record are given back', async () => {
    const [fleet, a, b] = await pairAtFirst();
    const { incarnation } = a.cluster;
    await a.cluster.stop();
    a.state = 'dead';
    expect(fleet.tables.claims.size).to.equal(0);
    expect(fleet.tables.records.get(incarnation)?.value).to.deep.equal({ format: 1, dead: incarnation });
    expect(a.clock.timers).to.equal(0);
    expect((await b.cluster.members()).map(({ replica }) => replica)).to.deep.equal(['r1']);
    await heals(fleet);
  });

  it('store away at the start: begins when it comes', async () => {
    const fleet = new FakeFleet();
    const a = fleet.add({ connected: false });
    const asked = a.arrive('m');
    await fleet.advance(3_000);
    expect(a.cluster.standing.t).to.equal('starting');
    a.store.connected = true;
    expect(await asked).to.equal('waits');
    expect(a.told).to.deep.equal(['attached']);
  });
});
