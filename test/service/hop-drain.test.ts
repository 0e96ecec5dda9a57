import { expect } from 'chai';
import type { DrainPlan } from '../../proxy/session/drain.js';
import type { RelayedSession } from '../../proxy/session/life/message-observer.js';
import { NO_INVOCATIONS } from '../../proxy/session/views/statistics.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { TLS, UNIX } from '../support/hop-ways.js';
import { certificateOf, ReplicaClient } from '../support/replica-client.js';
import { type Replica, Replicas } from '../support/replicas.js';
import { refusedUpgrade } from '../support/service.js';
import { until } from '../support/turns.js';

const PLAN: DrainPlan = { deadline: 20_000, batch: 10, interval: 10, spread: 0 };
const GOODBYE = /^the proxy is restarting: retry in (\d+) s; messages taken: (\d+)$/;

for (const way of [UNIX, TLS]) {
  describe(`a drain across a hop, over ${way.name}`, () => {
    const busy = new Set<RelayedSession>();
    const statistics = {
      of: (session: RelayedSession) => ({ ...NO_INVOCATIONS, inFlight: busy.has(session) ? 1 : 0 }),
    };
    let fleet: Replicas;
    let owner: Replica;
    let landing: Replica;

    beforeEach(async () => {
      fleet = new Replicas(way);
      owner = await fleet.start('owner', { statistics, bounds: { probeTimeout: 100 } });
      landing = await fleet.start('landing');
    });
    afterEach(async () => {
      busy.clear();
      await fleet.stop();
      expect([owner.faults, landing.faults, fleet.claims.size, landing.hops.open]).to.deep.equal([[], [], 0, 0]);
    });

    it('[CLOSE-4, CLOSE-9] of where peers landed: the owner tells them and their partners when to come back; others stay', async () => {
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      const others = await ReplicaClient.pair(owner, owner, 'others');
      two.ws.send('counted');
      await one.next();
      const waiting = await ReplicaClient.join(landing, 'mine', 'here');
      await landing.drain.start(PLAN);
      const [told, its] = [await two.closed, await one.closed];
      expect([told.code, its.code, (await waiting.closed).code]).to.deep.equal([1012, 1012, 1012]);
      expect([GOODBYE.exec(told.reason)?.[2], GOODBYE.exec(its.reason)?.[2]]).to.deep.equal(['2', '1']);
      expect(landing.drain.state.t).to.equal('drained');
      expect(owner.drain.state.t).to.equal('serving');
      others[0].ws.send('still here');
      expect(await others[1].text()).to.equal('still here');
      const refused = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('new'));
      expect(refused.error.reason).to.equal('draining');
    });

    it('[CLOSE-4] of where peers landed waits for what is in flight at the owner', async () => {
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      const [session] = owner.core.present.sessions.values();
      if (session !== undefined) busy.add(session);
      const drained = landing.drain.start(PLAN);
      await until(() => owner.asked.length > 0);
      expect(owner.asked).to.deep.equal(['landing-1']);
      two.ws.send('the answer');
      expect(await one.text()).to.equal('the answer');
      busy.clear();
      await drained;
      expect([(await one.closed).code, (await two.closed).code]).to.deep.equal([1012, 1012]);
    });

    it('[CLOSE-4] of where peers landed ends who greets or waits behind a hop at once', async () => {
      const one = await ReplicaClient.join(owner, 'm', 'one');
      await owner.until(() => owner.core.present.counts.waiting === 1);
      const greeting = await ReplicaClient.connect(landing, 'm', 'greeting');
      await landing.drain.start(PLAN);
      expect((await greeting.closed).reason).to.match(GOODBYE);
      expect(owner.core.present.counts.waiting).to.equal(1);
      one.ws.terminate();
      await one.closed;
    });

    it('[CLOSE-4] of where peers landed does not wait for an owner that cannot be asked', async () => {
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      owner.deafen();
      await landing.drain.start({ ...PLAN, deadline: 0 });
      expect((await two.closed).code).to.equal(1006);
      expect((await one.closed).code).to.equal(1002);
    });

    it('[MEET-4, MEET-5] of the owner: it speaks for its pairs, and gives a meetup away when it finds them dead', async () => {
      const pair = await ReplicaClient.pair(owner, owner, 'm');
      const [session] = owner.core.present.sessions.values();
      if (session !== undefined) busy.add(session);
      void owner.drain.start(PLAN);
      const third = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('third'));
      expect([third.status, third.error.reason]).to.deep.equal([409, 'meetup_full']);
      for (const { ws } of pair) ws.pause();
      const heir = await ReplicaClient.join(landing, 'm', 'heir');
      await landing.until(() => landing.core.present.counts.waiting === 1);
      expect(landing.evidence).to.deep.equal(['moved']);
      expect(owner.endings).to.deep.equal(['probe_timeout', 'peer_disconnected']);
      expect(owner.refused).to.deep.equal(['meetup_full', 'misdirected']);
      for (const { ws } of [...pair, heir]) ws.terminate();
      await Promise.all([...pair, heir].map(({ closed }) => closed));
      await landing.until(() => landing.core.present.counts.connections === 0);
    });
  });
}
