import { expect } from 'chai';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { FleetProcesses } from '../support/fleet-processes.js';
import { startNats, type TestNats } from '../support/nats.js';
import { certificateOf, persistently, ReplicaClient, talk } from '../support/replica-client.js';
import { refusedUpgrade } from '../support/service.js';

describe('a fleet of processes on a real NATS', function () {
  this.timeout(60_000);
  let nats: TestNats;
  let fleet: FleetProcesses;

  beforeEach(async () => {
    nats = await startNats();
    fleet = new FleetProcesses(nats.url);
  });
  afterEach(async () => {
    await fleet.stop();
    await nats.remove();
  });

  it('pairs peers that come in by different replicas, refuses a third anywhere, and gives the meetup back', async () => {
    const [a, b, c] = [await fleet.start('a'), await fleet.start('b'), await fleet.start('c')];
    const one = await ReplicaClient.join(a, 'm', 'one');
    const two = await ReplicaClient.join(b, 'm', 'two');
    await Promise.all([one.next(), two.next()]);
    await talk(one, two);
    for (const { socketPath } of [a, b, c]) {
      const { status, error } = await refusedUpgrade(socketPath, `${MEETUP_PREFIX}m`, certificateOf('three'));
      expect([status, error.reason]).to.deep.equal([409, 'meetup_full']);
    }
    two.ws.close(1000, 'done');
    await Promise.all([one.closed, two.closed]);
    const again = await persistently(c, 'm', 'again');
    expect(await c.metric('ws_proxy_cluster_meetups')).to.equal(1);
    expect(await a.metric('ws_proxy_cluster_meetups')).to.equal(0);
    again.ws.terminate();
  });

  it('takes over from an owner that is killed', async () => {
    const [a, b] = [await fleet.start('a'), await fleet.start('b')];
    const one = await ReplicaClient.join(a, 'm', 'one');
    const two = await ReplicaClient.join(b, 'm', 'two');
    await Promise.all([one.next(), two.next()]);
    await a.program.stop('SIGKILL');
    await Promise.all([one.closed, two.closed]);
    const pair = [await persistently(b, 'm', 'one'), await persistently(b, 'm', 'two')] as const;
    await Promise.all(pair.map((client) => client.next()));
    await talk(...pair);
    expect(await b.metric('ws_proxy_cluster_claims_total{event="taken_over"}')).to.equal(1);
    for (const { ws } of pair) ws.terminate();
  });

  it('takes over from an owner that is stopped, which relays nothing of the meetup when it wakes', async () => {
    const [a, b] = [await fleet.start('a'), await fleet.start('b')];
    const one = await ReplicaClient.join(a, 'm', 'one');
    const two = await ReplicaClient.join(a, 'm', 'two');
    const other = await ReplicaClient.join(a, 'other', 'other');
    await Promise.all([one.next(), two.next()]);
    a.program.signal('SIGSTOP');
    const pair = [await persistently(b, 'm', 'three'), await persistently(b, 'm', 'four')] as const;
    await Promise.all(pair.map((client) => client.next()));
    one.ws.send('late');
    a.program.signal('SIGCONT');
    expect(await Promise.all([one.closed, two.closed])).to.deep.equal([DEPOSED, DEPOSED]);
    await expectRejection(two.next());
    await talk(...pair);
    const partner = await persistently(b, 'other', 'partner');
    await Promise.all([other.next(), partner.next()]);
    await talk(other, partner);
    expect(await a.metric('ws_proxy_cluster_holds_total')).to.be.at.least(1);
    expect(await a.logged(/"stopped_ms":\d{4}/)).to.match(/this process was stopped/);
    for (const { ws } of [...pair, other, partner]) ws.terminate();
  });

  it('keeps its pairs without NATS, and takes newcomers again when it is back', async () => {
    const [a, b] = [await fleet.start('a'), await fleet.start('b')];
    const one = await ReplicaClient.join(a, 'm', 'one');
    const two = await ReplicaClient.join(b, 'm', 'two');
    await Promise.all([one.next(), two.next()]);
    await nats.kill();
    await a.logged(/takes no newcomers/);
    expect(await a.readiness()).to.match(/detached from the fleet/);
    const { status, error } = await refusedUpgrade(b.socketPath, `${MEETUP_PREFIX}n`, certificateOf('n'));
    expect([status, error.reason]).to.deep.equal([503, 'unplaced']);
    await talk(one, two);
    await nats.start();
    const pair = [await persistently(a, 'n', 'n one'), await persistently(b, 'n', 'n two')] as const;
    await Promise.all(pair.map((client) => client.next()));
    await talk(one, two);
    for (const { ws } of [one, two, ...pair]) ws.terminate();
  });

  it('ends its pairs when NATS does not answer, where it is told to, and tells their peers to come again', async () => {
    const [a, b] = [await fleet.start('a', { 'cluster-lost': 'end' }), await fleet.start('b')];
    const one = await ReplicaClient.join(a, 'm', 'one');
    const two = await ReplicaClient.join(b, 'm', 'two');
    await Promise.all([one.next(), two.next()]);
    const waiting = await ReplicaClient.join(a, 'w', 'waiting');
    nats.freeze();
    const ended = { code: 1012, reason: 'cannot tell which replica serves this meetup' };
    expect(await Promise.all([one.closed, two.closed])).to.deep.equal([ended, ended]);
    nats.thaw();
    const partner = await persistently(b, 'w', 'partner');
    await Promise.all([waiting.next(), partner.next()]);
    for (const { ws } of [waiting, partner]) ws.terminate();
  });

  it('keeps its pairs when NATS loses everything, and each meetup stays one', async () => {
    const [a, b] = [await fleet.start('a'), await fleet.start('b')];
    const one = await ReplicaClient.join(a, 'm', 'one');
    const two = await ReplicaClient.join(b, 'm', 'two');
    await Promise.all([one.next(), two.next()]);
    await nats.wipe();
    await a.logged(/goes on under a new incarnation/);
    await expectRejection(persistently(b, 'm', 'three'), / 409$/);
    await talk(one, two);
    for (const { ws } of [one, two]) ws.terminate();
  });

  it('hands its meetups over when a replica is stopped in order', async () => {
    const [a, b] = [await fleet.start('a'), await fleet.start('b')];
    const one = await ReplicaClient.join(a, 'm', 'one');
    const two = await ReplicaClient.join(b, 'm', 'two');
    await Promise.all([one.next(), two.next()]);
    const ended = a.program.stop('SIGTERM');
    expect((await one.closed).code).to.equal(1012);
    expect((await two.closed).code).to.equal(1012);
    expect(await ended).to.equal(0);
    const again = await persistently(b, 'm', 'again');
    expect(await b.metric('ws_proxy_cluster_declared_total')).to.equal(0);
    again.ws.terminate();
  });
});

const DEPOSED = { code: 1012, reason: 'another replica serves this meetup now' };

async function expectRejection(promise: Promise<unknown>, message = /./): Promise<void> {
  const reason = await promise.then(
    () => 'it did not reject',
    (error: Error) => error.message,
  );
  expect(reason).to.match(message).and.not.equal('it did not reject');
}
