import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { frame } from '../support/core-client.js';
import { hello } from '../support/fixtures.js';
import { TLS, UNIX } from '../support/hop-ways.js';
import { certificateOf, ReplicaClient, upgradeText } from '../support/replica-client.js';
import { type Replica, Replicas } from '../support/replicas.js';
import { refusedUpgrade } from '../support/service.js';
import { until } from '../support/turns.js';

for (const way of [UNIX, TLS]) {
  describe(`a peer that lands on another replica, over ${way.name}`, () => {
    let fleet: Replicas;
    let owner: Replica;
    let landing: Replica;

    beforeEach(async () => {
      fleet = new Replicas(way);
      [owner, landing] = [await fleet.start('owner'), await fleet.start('landing')];
    });
    afterEach(async () => {
      await fleet.stop();
      expect([owner.faults, landing.faults]).to.deep.equal([[], []]);
      expect(fleet.claims.size).to.equal(0);
      expect([landing.hops.open, landing.counts.open]).to.deep.equal([0, 0]);
    });

    it('[MEET-9, RELAY-1] meets its partner: every message comes once, in order, with the same bytes and type', async () => {
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      const large = Buffer.alloc(4 * 1024 * 1024 - 1, 'x');
      for (const [from, to] of [[one, two] as const, [two, one] as const]) {
        for (let n = 0; n < 100; n += 1) from.ws.send(`message ${n}`);
        from.ws.send(large);
        from.ws.send(Buffer.alloc(0));
        for (let n = 0; n < 100; n += 1) expect(await to.text()).to.equal(`message ${n}`);
        const { data, binary } = await to.next();
        expect([binary, data.equals(large)]).to.deep.equal([true, true]);
        expect((await to.next()).data.length).to.equal(0);
      }
      expect(landing.counts.samples()).to.deep.include([
        'ws_proxy.hops.answered',
        [
          { labels: { result: 'accepted' }, value: 1 },
          { labels: { result: 'refused' }, value: 0 },
        ],
      ]);
      two.ws.close(1000, 'done');
      expect(await two.closed).to.deep.equal({ code: 1000, reason: 'done' });
      expect((await one.closed).code).to.equal(1002);
    });

    it('is known at the owner by who it is, where from, and by which replica it came', async () => {
      const headers = { ...certificateOf('far'), 'x-forwarded-for': '192.0.2.1, 198.51.100.7', 'x-request-id': 'r-7' };
      const one = await ReplicaClient.join(owner, 'm', 'near');
      await owner.until(() => owner.core.present.sessions.has('m'));
      const two = await ReplicaClient.join(landing, 'm', 'far', { headers });
      await one.next();
      const [near, far] = owner.core.overview.newest(0, 1)[0]?.peers ?? [];
      expect(far).to.include({ via: 'landing-1', remote: '198.51.100.7', requestId: 'r-7' });
      expect(far?.identity.subject).to.equal('CN=far,O=Micronets');
      expect(near?.via).to.equal('');
      for (const { ws } of [one, two]) ws.terminate();
      await Promise.all([one.closed, two.closed]);
    });

    it('[REFUSE-5] comes as it came: with its subprotocol, long headers, and bytes behind its head', async () => {
      const one = await ReplicaClient.join(owner, 'm', 'one');
      await owner.until(() => owner.core.present.sessions.has('m'));
      const headers = { ...certificateOf('two'), 'x-long': 'y'.repeat(30_000), 'x-twice': ['a', 'b'] };
      const two = connect(landing.edgePath).on('error', () => {});
      const text = upgradeText('m', { ...headers, 'sec-websocket-protocol': 'first, second' });
      const greeting = frame(0x81, hello('two'));
      two.write(Buffer.concat([Buffer.from(text), greeting]));
      const [answer] = (await once(two, 'data')) as [Buffer];
      expect(answer.toString('latin1')).to.match(/^HTTP\/1\.1 101 [\s\S]*\r\nsec-websocket-protocol: first\r\n/i);
      expect(await one.text()).to.equal(hello('two'));
      two.destroy();
      expect((await one.closed).code).to.equal(1002);
    });

    it('[MEET-4] is told meetup_full by the owner, with its Retry-After, where two live peers meet', async () => {
      const pair = await ReplicaClient.pair(owner, landing, 'm');
      const third = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('third'));
      expect([third.status, third.error.reason, third.headers['retry-after']]).to.deep.equal([
        ...[409, 'meetup_full', '20'],
      ]);
      expect([owner.refused, landing.refused]).to.deep.equal([['meetup_full'], []]);
      for (const { ws } of pair) ws.terminate();
      await Promise.all(pair.map(({ closed }) => closed));
    });

    it('[CLOSE-6, CLOSE-3] is reached by a kick and by the loss of its right, in the words of the table', async () => {
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      const far = owner.core.overview.newest(0, 1)[0]?.peers[1];
      owner.core.steering.end({ t: 'peers', uids: [far?.uid ?? ''] }, { label: 'kicked', detail: 'by hand' });
      expect(await two.closed).to.deep.equal({ code: 4410, reason: 'kicked by an operator: by hand' });
      expect((await one.closed).code).to.equal(1002);
      const again = await ReplicaClient.pair(owner, landing, 'again');
      owner.core.steering.sweep(({ via }) => (via === undefined ? undefined : { label: 'certificate_revoked' }));
      expect((await again[1].closed).code).to.equal(4402);
      expect((await again[0].closed).code).to.equal(1002);
    });

    it('[CLOSE-1] that breaks off ends the pair, and so does one that the owner cuts', async () => {
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      two.ws.terminate();
      expect((await one.closed).code).to.equal(1002);
      const [near, far] = await ReplicaClient.pair(owner, landing, 'cut');
      const [, peer] = [...owner.core.present.peers];
      peer?.socket.terminate();
      expect((await far.closed).code).to.equal(1006);
      expect((await near.closed).code).to.equal(1002);
      await until(() => landing.hops.open === 0);
    });

    it('[LIVE-1] and is idle is pinged by the owner, and its connection does not count as dead', async () => {
      await fleet.stop();
      fleet = new Replicas(way);
      owner = await fleet.start('owner', { bounds: { pingInterval: 50, pingTimeout: 5_000 } });
      landing = await fleet.start('landing', { times: { quiet: 1_000 } });
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      for (let pings = 0; pings < 40; pings += 1) await once(two.ws, 'ping');
      one.ws.send('still there');
      expect(await two.text()).to.equal('still there');
      for (const { ws, closed } of [one, two]) {
        ws.terminate();
        await closed;
      }
    });

    it('[MEET-9] whose owner dies is closed, and finds its meetup here when it comes back', async () => {
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      fleet.claims.set('m', { owner: owner.owner, users: 1 });
      await owner.die();
      expect([(await one.closed).code, (await two.closed).code]).to.deep.equal([1006, 1006]);
      // A dead process has left its claim behind.
      fleet.claims.set('m', { owner: owner.owner, users: 1 });
      const again = await ReplicaClient.join(landing, 'm', 'two');
      expect(landing.evidence).to.deep.equal(['refused']);
      await landing.until(() => landing.core.present.sessions.has('m'));
      again.ws.terminate();
      await again.closed;
      await landing.until(() => landing.core.present.counts.connections === 0);
    });

    it('[MEET-9] whose owner has started anew, or serves the meetup no more, comes in here', async () => {
      landing.stale.set('replaced', { ...owner.owner, incarnation: 'owner-0' });
      landing.stale.set('moved', owner.owner);
      fleet.claims.set('moved', { owner: landing.owner, users: 0 });
      const clients = await Promise.all(
        ['replaced', 'moved'].map((meetupId) => ReplicaClient.join(landing, meetupId, meetupId)),
      );
      expect(landing.evidence).to.have.members(['replaced', 'moved']);
      expect(owner.refused).to.deep.equal(['misdirected', 'misdirected']);
      for (const { ws, closed } of clients) {
        ws.terminate();
        await closed;
      }
      await landing.until(() => landing.core.present.counts.connections === 0);
    });
  });
}
