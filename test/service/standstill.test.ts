import { expect } from 'chai';
import { CoreClient } from '../support/core-client.js';
import { CoreServer } from '../support/core-server.js';
import { stands, until } from '../support/turns.js';

const COUNT = 4_000;

describe('[CLOSE-10] a standstill under load, over real sockets', () => {
  let server: CoreServer;

  beforeEach(async () => {
    server = await CoreServer.start();
  });
  afterEach(() => server.stop());

  /** Sends all messages, some of them in fragments, which the library reads. */
  function sendAll({ ws }: CoreClient): void {
    for (let n = 0; n < COUNT; n += 1) {
      if (n % 5 === 0) {
        ws.send(`${n} `, { fin: false });
        ws.send('in two', { fin: true });
      } else ws.send(`${n} `.padEnd(200, 'x'));
    }
  }

  it('relays nothing from when it begins, and all that was sent, in its order, when it has ended', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    sendAll(one);
    sendAll(two);
    for (let n = 0; n < 100; n += 1) await two.next();
    server.standstill.hold();
    const relayed = (): number => server.present.load().moved.messagesOut;
    const before = relayed();
    const beside = await CoreClient.connect(server, 'other');
    beside.ws.send('no HELLO');
    await stands(() => relayed());
    expect([relayed(), server.present.load().held.standstill]).to.deep.equal([before, 3]);
    expect(before).to.be.below(2 * COUNT);
    server.standstill.release();
    for (const [to, from] of [
      [one, 0],
      [two, 100],
    ] as const) {
      for (let n = from; n < COUNT; n += 1) expect((await to.text()).split(' ')[0]).to.equal(`${n}`);
    }
    expect(server.present.load().held.standstill).to.equal(0);
    expect((await beside.closed).code).to.equal(4400);
  });

  it('keeps back what is read in the very moment in which it begins', async () => {
    let mayRead = true;
    const guarded = await CoreServer.start(
      {},
      { beforeReading: () => (mayRead ? undefined : guarded.standstill.hold()) },
    );
    try {
      const [one, two] = await CoreClient.pair(guarded, 'm');
      const relayed = (): number => guarded.present.load().moved.messagesOut;
      const before = relayed();
      mayRead = false;
      for (let n = 0; n < 10; n += 1) one.ws.send(`${n}`);
      await until(() => guarded.present.load().held.standstill === 2);
      await stands(relayed);
      expect(relayed()).to.equal(before);
      mayRead = true;
      guarded.standstill.release();
      for (let n = 0; n < 10; n += 1) expect(await two.text()).to.equal(`${n}`);
    } finally {
      await guarded.stop();
    }
  });

  it('ends for a pair that is deposed in it without a message more', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    sendAll(one);
    for (let n = 0; n < 100; n += 1) await two.next();
    server.standstill.hold();
    const before = server.present.load().moved.messagesOut;
    await stands(() => server.present.load().moved.messagesOut);
    server.steering.depose(new Set(['m']));
    server.standstill.release();
    expect([(await one.closed).code, (await two.closed).code]).to.deep.equal([1012, 1012]);
    const got: string[] = [];
    for (let text = await two.text().catch(() => ''); text !== ''; text = await two.text().catch(() => ''))
      got.push(text);
    // Each HELLO counts as sent, too.
    expect(got.length + 100).to.equal(before - 2);
  });
});
