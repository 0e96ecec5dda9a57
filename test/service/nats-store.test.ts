import { expect } from 'chai';
import { UNREADABLE } from '../../proxy/cluster/store.js';
import { useNats } from '../support/nats.js';
import {
  claimOf,
  natsSettings,
  type OpenedNats,
  recordOf,
  storedIn,
  useNatsClients,
  writtenIn,
} from '../support/nats-client.js';
import { rawNats, useRawNats } from '../support/nats-raw.js';
import { until } from '../support/turns.js';

/** Time for the answers to thousands of requests at once, on a machine that has other things to do. */
const MANY_AT_ONCE_MS = 15_000;

describe('the store in NATS', function () {
  this.timeout(20_000);
  const nats = useNats();
  const open = useNatsClients();
  useRawNats();
  let fleets = 0;

  /** Two replicas of a fleet of the test's own. */
  async function replicas(requestTime = 1_500): Promise<readonly [OpenedNats, OpenedNats, string]> {
    fleets += 1;
    const cluster = `fleet-${fleets}`;
    const settings = natsSettings(nats(), { cluster, requestTime });
    const both = [open(settings), open(settings)] as const;
    await Promise.all(both.map((one) => one.turns(true)));
    return [...both, cluster];
  }

  it('makes the streams at the first write, and gives numbers that no earlier stream can have given', async () => {
    const [one, , cluster] = await replicas();
    const before = Date.now() * 1000;
    expect(writtenIn(await one.store.putRecord('a-1', recordOf('a'), 0))).to.be.at.least(before);
    const { jsm } = await rawNats(nats());
    const { config } = await jsm.streams.info(`${cluster.toUpperCase()}_CLAIMS`);
    expect(config).to.include({ max_msgs_per_subject: 1, discard: 'new', allow_direct: true, allow_msg_ttl: true });
    expect(config.subjects).to.have.members([`${cluster}.claim.*`, `${cluster}.replica.*`]);
    expect((await jsm.streams.info(`${cluster.toUpperCase()}_BLOCKS`)).config.subjects).to.deep.equal([
      `${cluster}.block.*`,
    ]);
  });

  it('lets one of many claim a meetup, and tells the others who', async () => {
    const [one, other] = await replicas();
    const puts = await Promise.all(
      [one, other, one, other].map(({ store }, at) => store.putClaim('sub/1/gate', claimOf(`r-${at}`), 0)),
    );
    expect(puts.map(({ t }) => t).sort()).to.deep.equal(['conflict', 'conflict', 'conflict', 'written']);
    const winner = puts.findIndex(({ t }) => t === 'written');
    const stored = storedIn(await other.store.readClaim('sub/1/gate'));
    expect(stored?.value).to.deep.equal(claimOf(`r-${winner}`));
    expect(stored?.sequence).to.equal(writtenIn(puts[winner] ?? { t: 'conflict' }));
    expect(storedIn(await other.store.readClaim('sub/1/other'))).to.equal(undefined);
  });

  it('replaces a claim only where the last write of it is the expected one', async () => {
    const [one, other] = await replicas();
    const first = writtenIn(await one.store.putClaim('m', claimOf('a-1'), 0));
    const second = writtenIn(await other.store.putClaim('m', claimOf('b-1'), first));
    expect(second).to.be.greaterThan(first);
    expect(await one.store.putClaim('m', claimOf('a-1'), first)).to.deep.equal({ t: 'conflict' });
    expect(await one.store.putClaim('never', claimOf('a-1'), first)).to.deep.equal({ t: 'conflict' });
    expect(storedIn(await one.store.readClaim('m'))?.value.incarnation).to.equal('b-1');
  });

  it('releases that very write of a claim, and no later one', async () => {
    const [one, other] = await replicas();
    const first = writtenIn(await one.store.putClaim('m', claimOf('a-1'), 0));
    const second = writtenIn(await one.store.putClaim('m', claimOf('a-2'), first));
    one.store.releaseClaim(first);
    await one.close();
    expect(storedIn(await other.store.readClaim('m'))?.sequence).to.equal(second);
    other.store.releaseClaim(second);
    await until(async () => storedIn(await other.store.readClaim('m')) === undefined);
    writtenIn(await other.store.putClaim('m', claimOf('b-1'), 0));
  });

  it('closes only when the releases have got through', async () => {
    const [one, other] = await replicas(MANY_AT_ONCE_MS);
    const puts = await Promise.all(
      Array.from({ length: 1_000 }, (_, at) => one.store.putClaim(`m/${at}`, claimOf('a-1'), 0)),
    );
    for (const put of puts) one.store.releaseClaim(writtenIn(put));
    await one.close();
    const left = await Promise.all(Array.from({ length: 1_000 }, (_, at) => other.store.readClaim(`m/${at}`)));
    expect(left.filter((read) => storedIn(read) !== undefined)).to.deep.equal([]);
  });

  it('keeps records and tombstones, and lists those who live', async () => {
    const [one, other] = await replicas();
    const { store } = one;
    const a = writtenIn(await store.putRecord('host.example-1', recordOf('host.example'), 0));
    const again = writtenIn(await store.putRecord('host.example-1', recordOf('host.example'), a));
    const b = writtenIn(await other.store.putRecord('b-1', recordOf('b'), 0));
    const tombstone = { format: 1, dead: 'host.example-1' };
    const dead = writtenIn(await store.putRecord('b-1', tombstone, b));
    expect(await other.store.putRecord('b-1', recordOf('b'), b)).to.deep.equal({ t: 'conflict' });
    expect(storedIn(await other.store.readRecord('b-1'))).to.deep.equal({ value: tombstone, sequence: dead });
    expect(storedIn(await other.store.readRecord('c-1'))).to.equal(undefined);
    const living = await other.store.records();
    expect([...(living ?? [])]).to.deep.equal([
      ['host.example-1', { value: recordOf('host.example'), sequence: again }],
    ]);
  });

  it('lists more records than one answer may have', async () => {
    const [one] = await replicas(MANY_AT_ONCE_MS);
    const names = Array.from({ length: 1_100 }, (_, at) => `r-${at}`);
    await Promise.all(names.map((name) => one.store.putRecord(name, recordOf(name), 0)));
    const living = await one.store.records();
    expect([...(living?.keys() ?? [])].sort()).to.deep.equal([...names].sort());
  });

  it('lists no record where none was written', async () => {
    const [one] = await replicas();
    writtenIn(await one.store.putClaim('m', claimOf('a-1'), 0));
    expect(await one.store.records()).to.deep.equal(new Map());
  });

  it('asks whether somebody answers for an incarnation', async () => {
    const [one, other] = await replicas();
    const stop = one.store.answerFor('a-1');
    const more = one.store.answerFor('a-2');
    await until(async () => (await other.store.isAlive('a-1')) === 'alive');
    expect(await other.store.isAlive('a-3')).to.equal('nobody');
    stop();
    await until(async () => (await other.store.isAlive('a-1')) === 'nobody');
    expect(await other.store.isAlive('a-2')).to.equal('alive');
    more();
  });

  it('reads what is no claim as one that can be taken over, and what is no record as of one who lives', async () => {
    const [one, , cluster] = await replicas();
    writtenIn(await one.store.putClaim('m', claimOf('a-1'), 0));
    writtenIn(await one.store.putRecord('a-1', recordOf('a'), 0));
    const { jsm, js } = await rawNats(nats());
    const claims = `${cluster.toUpperCase()}_CLAIMS`;
    const message = await jsm.direct.getMessage(claims, { seq: 1, next_by_subj: `${cluster}.claim.*` } as never);
    for (const junk of ['', 'no JSON', '[]', 'null', '{"format":2}', '\ufffd{', '{"incarnation":""}', '7']) {
      await js.publish(message?.subject ?? '', junk);
      const claim = storedIn(await one.store.readClaim('m'));
      expect(claim?.value, junk).to.deep.equal({ format: 0, incarnation: UNREADABLE, name: '', address: '' });
      await js.publish(`${cluster}.replica.a-1`, junk);
      const record = storedIn(await one.store.readRecord('a-1'));
      expect(record?.value, junk).to.include({ name: 'a-1', address: '', control: '' });
      expect((await one.store.records())?.get('a-1')?.sequence, junk).to.equal(record?.sequence);
      writtenIn(await one.store.putClaim('m', claimOf('b-1'), claim?.sequence ?? 0));
    }
    expect(storedIn(await one.store.readRecord(UNREADABLE))).to.equal(undefined);
  });

  it('reads a later form by the fields that it knows', async () => {
    const [one, , cluster] = await replicas();
    writtenIn(await one.store.putRecord('a-1', recordOf('a'), 0));
    const { js } = await rawNats(nats());
    await js.publish(`${cluster}.replica.a-1`, JSON.stringify({ ...recordOf('a'), format: 9, zone: 'x', control: 5 }));
    expect(storedIn(await one.store.readRecord('a-1'))?.value).to.deep.equal({
      ...recordOf('a'),
      format: 9,
      control: '',
    });
  });

  it('claims a thousand meetups at once', async () => {
    const [one, other] = await replicas(MANY_AT_ONCE_MS);
    const ids = Array.from({ length: 1_000 }, (_, at) => `sub/${at}/gate`);
    const puts = await Promise.all(
      ids.flatMap((id) => [one.store.putClaim(id, claimOf('a-1'), 0), other.store.putClaim(id, claimOf('b-1'), 0)]),
    );
    expect(puts.filter(({ t }) => t === 'written')).to.have.length(1_000);
    expect(puts.filter(({ t }) => t === 'conflict')).to.have.length(1_000);
  });
});
