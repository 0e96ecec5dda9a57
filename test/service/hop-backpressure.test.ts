import { expect } from 'chai';
import { endings } from '../../proxy/wire/close.js';
import { TLS, UNIX } from '../support/hop-ways.js';
import { ReplicaClient } from '../support/replica-client.js';
import { type Replica, Replicas } from '../support/replicas.js';
import { stands, until } from '../support/turns.js';

const MESSAGE = Buffer.alloc(64 * 1024, 'x');
/** What may wait at a landing replica for one connection: what a stream holds back and one read, each way. */
const MOST_WAITING = 4 * 64 * 1024;
const HIGH_MARK = 1024 * 1024;

for (const way of [UNIX, TLS]) {
  describe(`[RELAY-4] a slow reader behind a hop, over ${way.name}`, () => {
    let fleet: Replicas;
    let owner: Replica;
    let landing: Replica;

    async function start(times: Record<string, number>, quiet?: number): Promise<void> {
      fleet = new Replicas(way);
      owner = await fleet.start('owner', { bounds: times });
      landing = await fleet.start('landing', { bounds: times, times: quiet === undefined ? {} : { quiet } });
    }

    afterEach(async () => {
      await fleet.stop();
      expect([owner.faults, landing.faults, fleet.claims.size, landing.hops.open]).to.deep.equal([[], [], 0, 0]);
    });

    /** Sends until the sender is not read any more; returns the number of messages. */
    async function fill(sender: ReplicaClient): Promise<number> {
      const [peer] = [...owner.core.present.peers];
      let count = 0;
      while (peer?.held !== true) {
        for (let n = 0; n < 16; n += 1) sender.ws.send(MESSAGE);
        count += 16;
        await new Promise((resolve) => setImmediate(resolve));
      }
      await stands(() => owner.core.present.load().backlog + landing.hops.waiting);
      return count;
    }

    it('holds its sender at the owner; in between little waits; and when it reads, all comes', async () => {
      await start({});
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      two.ws.pause();
      const count = await fill(one);
      const { held, backlog } = owner.core.present.load();
      expect(held.backlog).to.equal(1);
      expect(backlog).to.be.within(HIGH_MARK, HIGH_MARK + 4 * MESSAGE.length);
      expect(landing.hops.waiting).to.be.at.most(MOST_WAITING);
      two.ws.resume();
      for (let n = 0; n < count; n += 1) expect((await two.next()).data.length).to.equal(MESSAGE.length);
      expect(owner.core.present.load().held.backlog).to.equal(0);
      for (const { ws, closed } of [one, two]) {
        ws.terminate();
        await closed;
      }
    });

    it('[LIVE-4] that takes nothing ends as slow_peer at the owner, and its connection with it', async () => {
      await start({ stallTimeout: 300, closeTimeout: 100 }, 1_000);
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      two.ws.pause();
      await fill(one);
      expect((await one.closed).code).to.equal(endings.peer_disconnected.code);
      // The owner has closed, and cut; where nothing is read nobody hears of it but by the time.
      await until(() => landing.hops.open === 0);
      two.ws.resume();
      expect([4430, 1006]).to.include((await two.closed).code);
      expect(owner.endings).to.deep.equal(['slow_peer', 'peer_disconnected']);
    });

    it('a slow sender behind it is held in the same way', async () => {
      await start({});
      const [one, two] = await ReplicaClient.pair(owner, landing, 'm');
      one.ws.pause();
      const [, peer] = [...owner.core.present.peers];
      while (peer?.held !== true) {
        for (let n = 0; n < 16; n += 1) two.ws.send(MESSAGE);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await stands(() => landing.hops.waiting);
      expect(landing.hops.waiting).to.be.at.most(MOST_WAITING);
      for (const { ws, closed } of [one, two]) {
        ws.terminate();
        await closed;
      }
    });
  });
}
