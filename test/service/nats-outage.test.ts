import { expect } from 'chai';
import { startNats, type TestNats } from '../support/nats.js';
import { claimOf, natsSettings, recordOf, storedIn, useNatsClients, writtenIn } from '../support/nats-client.js';
import { rawNats, useRawNats } from '../support/nats-raw.js';
import { until } from '../support/turns.js';

describe('a store in NATS that fails', function () {
  this.timeout(30_000);
  const open = useNatsClients();
  useRawNats();
  let nats: TestNats;
  beforeEach(async () => {
    nats = await startNats();
  });
  afterEach(() => nats.remove());

  it('waits for a server that is not there yet, says so once, and goes on when it comes', async () => {
    await nats.stop();
    const one = open(natsSettings(nats));
    expect(await one.hears(/cannot be reached/)).to.match(
      /^error: NATS cannot be reached: it is tried again and again: connect ECONNREFUSED/,
    );
    expect(one.store.connected).to.equal(false);
    const at = performance.now();
    expect(await one.store.putClaim('m', claimOf('a-1'), 0)).to.deep.include({ t: 'unknown' });
    expect(await one.store.readClaim('m')).to.deep.include({ t: 'unknown' });
    expect(await one.store.records()).to.equal(undefined);
    expect(await one.store.isAlive('a-1')).to.equal('unknown');
    expect(performance.now() - at, 'nothing waits for an answer').to.be.lessThan(1_000);
    const stop = one.store.answerFor('a-1');
    await nats.start();
    await one.turns(true);
    writtenIn(await one.store.putClaim('m', claimOf('a-1'), 0));
    await until(async () => (await one.store.isAlive('a-1')) === 'alive');
    stop();
    expect(one.told.filter((line) => /cannot be reached/.test(line))).to.have.length(1);
  });

  it('says that a killed server is gone, keeps what was written, and comes back to it', async () => {
    const one = open(natsSettings(nats));
    await one.turns(true);
    const claim = writtenIn(await one.store.putClaim('m', claimOf('a-1'), 0));
    one.store.answerFor('a-1');
    await nats.kill();
    await one.turns(false);
    expect(await one.store.putClaim('n', claimOf('a-1'), 0)).to.deep.equal({
      t: 'unknown',
      detail: 'not connected to NATS',
    });
    await nats.start();
    await one.turns(true);
    expect(storedIn(await one.store.readClaim('m'))?.sequence).to.equal(claim);
    expect(storedIn(await one.store.readClaim('n')), 'nothing of what was refused is sent later').to.equal(undefined);
    await until(async () => (await one.store.isAlive('a-1')) === 'alive');
    expect(one.told.filter((line) => /lost/.test(line))).to.have.length(1);
  });

  it('makes everything anew where all was lost, with higher numbers than ever', async () => {
    const [one, other] = [open(natsSettings(nats)), open(natsSettings(nats))];
    await Promise.all([one.turns(true), other.turns(true)]);
    const record = writtenIn(await one.store.putRecord('a-1', recordOf('a'), 0));
    const claim = writtenIn(await one.store.putClaim('m', claimOf('a-1'), 0));
    const gone = [one.turns(false), other.turns(false)];
    await nats.wipe();
    await Promise.all(gone);
    await Promise.all([one.turns(true), other.turns(true)]);
    const renewed = await one.store.putRecord('a-1', recordOf('a'), record);
    expect(renewed, 'who renews learns that its record is gone').to.deep.equal({ t: 'conflict' });
    expect(storedIn(await one.store.readRecord('a-1'))).to.equal(undefined);
    expect(storedIn(await one.store.readClaim('m'))).to.equal(undefined);
    const taken = writtenIn(await other.store.putClaim('m', claimOf('b-1'), 0));
    expect(taken).to.be.greaterThan(claim);
    expect(await one.store.putClaim('m', claimOf('a-1'), claim)).to.deep.equal({ t: 'conflict' });
    one.store.releaseClaim(claim);
    await one.close();
    expect(storedIn(await other.store.readClaim('m'))?.sequence, 'an old release hits nothing').to.equal(taken);
  });

  it('loses records with the claims where an admin deletes the stream under a connection that stands', async () => {
    const one = open(natsSettings(nats));
    await one.turns(true);
    const record = writtenIn(await one.store.putRecord('a-1', recordOf('a'), 0));
    writtenIn(await one.store.putClaim('m', claimOf('a-1'), 0));
    const { jsm } = await rawNats(nats);
    await jsm.streams.delete('WSP_CLAIMS');
    writtenIn(await one.store.putClaim('n', claimOf('a-1'), 0));
    expect(await one.store.putRecord('a-1', recordOf('a'), record)).to.deep.equal({ t: 'conflict' });
    expect(storedIn(await one.store.readRecord('a-1'))).to.equal(undefined);
    await one.hears(/^warn: a stream was not in NATS, and is made: WSP_CLAIMS$/);
    expect(one.told.filter((line) => /^info: a stream was not/.test(line))).to.have.length(2);
  });

  it('has a stream made by one of many who miss it at once', async () => {
    const many = Array.from({ length: 8 }, () => open(natsSettings(nats)));
    await Promise.all(many.map((one) => one.turns(true)));
    const puts = await Promise.all(many.map(({ store }, at) => store.putRecord(`r-${at}`, recordOf(`r-${at}`), 0)));
    for (const put of puts) writtenIn(put);
    expect((await many[0]?.store.records())?.size).to.equal(8);
  });

  it('waits no longer than it may for a server that stands still, and notices that it does', async () => {
    const one = open(natsSettings(nats, { requestTime: 300 }));
    await one.turns(true);
    writtenIn(await one.store.putClaim('m', claimOf('a-1'), 0));
    nats.freeze();
    const answers = await Promise.all([
      one.store.putClaim('n', claimOf('a-1'), 0),
      one.store.readClaim('m'),
      one.store.records(),
      one.store.isAlive('a-1'),
    ]);
    expect(answers).to.deep.equal([
      { t: 'unknown', detail: 'no answer in time' },
      { t: 'unknown', detail: 'no answer in time' },
      undefined,
      'unknown',
    ]);
    await one.turns(false);
    nats.thaw();
    await one.turns(true);
    // The write that nobody heard of again is there: whoever sent it has to read.
    expect(storedIn(await one.store.readClaim('n'))?.value.incarnation).to.equal('a-1');
  });

  it('goes to another server of the list where one is gone', async () => {
    const more = await startNats();
    try {
      const urls = [more.url, nats.url];
      const one = open(natsSettings(nats, { servers: urls }));
      await one.turns(true);
      const first = one.told.some((line) => line.endsWith(`:${more.port}`)) ? more : nats;
      const gone = one.turns(false);
      await first.kill();
      await gone;
      await one.turns(true);
      expect((await one.store.putRecord('a-1', recordOf('a'), 0)).t).to.equal('written');
    } finally {
      await more.remove();
    }
  });

  it('says that JetStream is off, and goes on asking', async () => {
    const plain = await startNats({ jetstream: false });
    try {
      const one = open(natsSettings(plain));
      await one.turns(true);
      expect(await one.store.putRecord('a-1', recordOf('a'), 0)).to.deep.include({ t: 'unknown' });
      expect(await one.hears(/WSP_CLAIMS/)).to.match(/error: .*JetStream is off/);
    } finally {
      await plain.remove();
    }
  });
});
