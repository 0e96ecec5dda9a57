import { expect } from 'chai';
import { CoreClient, frame, RawClient } from '../support/core-client.js';
import { CoreServer } from '../support/core-server.js';
import { FakeClock } from '../support/fake-clock.js';
import { hello } from '../support/fixtures.js';
import { until } from '../support/turns.js';

const GONE = { code: 1002, reason: 'the peer websocket disconnected' };

describe('closing over real sockets', () => {
  let server: CoreServer;
  let clock: FakeClock;
  beforeEach(async () => {
    clock = new FakeClock();
    server = await CoreServer.start({ closeTimeout: 100 }, { clock });
  });
  afterEach(async () => {
    await server.stop();
    expect([
      server.present.counts.connections,
      server.present.sessions.size,
      server.present.counts.greeting,
    ]).to.deep.equal([0, 0, 0]);
    expect(clock.timers).to.equal(0);
  });

  it('[CLOSE-1] one says goodbye: the other is closed with 1002, and the reply has its own code', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    one.ws.close(1001, 'going away');
    expect(await one.closed).to.deep.equal({ code: 1001, reason: 'going away' });
    expect(await two.closed).to.deep.equal(GONE);
    expect(await server.ended(2)).to.deep.equal(['closed_by_peer', 'peer_disconnected']);
  });

  it('[CLOSE-1] one closes without a code', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    one.ws.close();
    expect(await one.closed).to.deep.equal({ code: 1005, reason: '' });
    expect(await two.closed).to.deep.equal(GONE);
    expect(await server.ended(2)).to.deep.equal(['closed_by_peer', 'peer_disconnected']);
  });

  it('[CLOSE-1] one breaks off without a word', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    one.ws.terminate();
    expect(await two.closed).to.deep.equal(GONE);
    expect(await server.ended(2)).to.deep.equal(['connection_lost', 'peer_disconnected']);
  });

  it('[CLOSE-1] what was said before the goodbye arrives before the close', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    for (let number = 0; number < 100; number += 1) one.ws.send(`${number}`);
    one.ws.close(1000);
    for (let number = 0; number < 100; number += 1) expect((await two.next()).data.toString()).to.equal(`${number}`);
    expect(await two.closed).to.deep.equal(GONE);
  });

  it('[CLOSE-5] both close at once: each is ended once, by whichever word came first', async () => {
    for (let round = 1; round <= 20; round += 1) {
      const [one, two] = await CoreClient.pair(server, 'm');
      one.ws.close(1000);
      two.ws.close(1000);
      await Promise.all([one.closed, two.closed]);
      const labels = (await server.ended(2 * round)).slice(-2);
      expect(labels[0]).to.equal('closed_by_peer');
      expect(labels[1]).to.be.oneOf(['closed_by_peer', 'peer_disconnected']);
    }
    expect(server.endings).to.have.length(40);
  });

  it('[CLOSE-7] who never answers the close frame is dropped', async () => {
    const raw = await RawClient.connect(server, 'm');
    void raw.write(frame(0x81, 'no hello'));
    expect((await raw.rest()).readUInt16BE(2)).to.equal(4400);
    expect(await server.ended(1)).to.deep.equal(['hello_invalid']);
  });

  it('[CLOSE-6, CLOSE-7] a kick ends a session with a reader that has stopped', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    two.ws.pause();
    one.ws.send(Buffer.alloc(4 * 1024 * 1024));
    const session = server.present.sessions.get('m');
    await until(() => session?.state.first.held === true);
    expect(session && server.steering.end({ t: 'session', uid: session.uid }, { label: 'kicked' })).to.equal(2);
    expect(await one.closed).to.deep.equal({ code: 4410, reason: 'kicked by an operator' });
    expect(server.endings).to.deep.equal(['kicked', 'kicked']);
    two.ws.terminate();
  });

  it('[LIVE-1, LIVE-2] a client that answers no ping is closed with the words that deployed peers know', async () => {
    const deaf = await CoreClient.connect(server, 'm', { autoPong: false });
    deaf.ws.send(hello('deaf'));
    const other = await CoreClient.join(server, 'm', 'other');
    await deaf.next();
    clock.advance(10_000);
    await until(() => [...server.present.peers].some((peer) => peer.lastPongAt === clock.now()));
    clock.advance(10_000);
    expect(await deaf.closed).to.deep.equal({ code: 1002, reason: 'Ping timed out (10 seconds)' });
    expect(await other.closed).to.deep.equal(GONE);
    expect(await server.ended(2)).to.deep.equal(['ping_timeout', 'peer_disconnected']);
  });
});
