import { expect } from 'chai';
import type { BlockReader } from '../../proxy/cluster/block-store.js';
import type { Block } from '../../proxy/policy/limits/blocks.js';
import { startNats, type TestNats, useNats } from '../support/nats.js';
import { natsSettings, type OpenedNats, useNatsClients, writtenIn } from '../support/nats-client.js';
import { rawNats, useRawNats } from '../support/nats-raw.js';
import { until } from '../support/turns.js';

const HOUR = 3_600_000;

/** A replica's blocks: what it was handed, in order, and what is in force. */
class Kept implements BlockReader {
  readonly handed: string[] = [];
  readonly blocks = new Map<string, Block>();

  put(block: Block): void {
    this.handed.push(`${block.uid} ${block.reason}`);
    this.blocks.set(block.uid, block);
  }

  lifted(uid: string): void {
    this.handed.push(`${uid} lifted`);
    this.blocks.delete(uid);
  }

  inForce(): Iterable<Block> {
    return this.blocks.values();
  }
}

function block(uid: string, reason = 'because'): Block {
  const now = Date.now();
  return { uid, subject: `CN=${uid}`, reason, by: 'CN=admin', since: now, until: now + HOUR };
}

describe('the blocks in NATS', function () {
  this.timeout(30_000);
  const nats = useNats();
  const open = useNatsClients();
  useRawNats();
  const following: (() => void)[] = [];
  let fleets = 0;
  afterEach(() => {
    for (const stop of following.splice(0)) stop();
  });

  async function replica(cluster: string, server: TestNats = nats()): Promise<OpenedNats & { readonly kept: Kept }> {
    const one = open(natsSettings(server, { cluster }));
    await one.turns(true);
    const kept = new Kept();
    following.push(one.blocks.follow(kept));
    return { ...one, kept };
  }

  function fleet(): string {
    fleets += 1;
    return `blocks-${fleets}`;
  }

  it('reach every replica, in order, also one that comes later', async () => {
    const cluster = fleet();
    const [one, other] = [await replica(cluster), await replica(cluster)];
    const first = writtenIn(await one.blocks.put(block('a', 'first')));
    writtenIn(await other.blocks.put(block('b', 'second')));
    const last = writtenIn(await one.blocks.put(block('a', 'longer')));
    expect(last).to.be.greaterThan(first);
    for (const { blocks, kept } of [one, other]) {
      expect(await blocks.appliedTo(last)).to.equal(true);
      expect(blocks.applied).to.equal(last);
      expect(kept.handed.slice(-2)).to.deep.equal(['b second', 'a longer']);
      expect(kept.blocks.get('b')).to.include({ subject: 'CN=b', by: 'CN=admin' });
    }
    const late = await replica(cluster);
    expect(await late.blocks.appliedTo(last)).to.equal(true);
    expect(late.kept.handed).to.deep.equal(['b second', 'a longer']);
  });

  it('are lifted everywhere, and stay lifted for who comes later', async () => {
    const cluster = fleet();
    const [one, other] = [await replica(cluster), await replica(cluster)];
    const put = block('a');
    expect(await other.blocks.appliedTo(writtenIn(await one.blocks.put(put)))).to.equal(true);
    const lifted = writtenIn(await other.blocks.lift(put));
    expect(await one.blocks.appliedTo(lifted)).to.equal(true);
    expect([...one.kept.inForce()]).to.deep.equal([]);
    const late = await replica(cluster);
    expect(await late.blocks.appliedTo(lifted)).to.equal(true);
    expect(late.kept.handed).to.deep.equal(['a lifted']);
  });

  it('reach a replica that nobody tells of them', async () => {
    const cluster = fleet();
    const [one, other] = [await replica(cluster), await replica(cluster)];
    const handed = new Promise<Block>((resolve) => {
      other.kept.put = resolve;
    });
    writtenIn(await one.blocks.put(block('a')));
    expect((await handed).uid).to.equal('a');
  });

  it('are whole once all that was there has come, in more than one answer where there are many', async () => {
    const cluster = fleet();
    const one = await replica(cluster);
    const puts = await Promise.all(Array.from({ length: 600 }, (_, at) => one.blocks.put(block(`b-${at}`))));
    expect(puts.map(({ t }) => t)).to.not.include('unknown');
    const late = await replica(cluster);
    await until(() => late.blocks.isWhole);
    expect(late.kept.blocks.size).to.equal(600);
  });

  it('pass over what is no block, and over what is gone from the end', async () => {
    const cluster = fleet();
    const [one, other] = [await replica(cluster), await replica(cluster)];
    writtenIn(await one.blocks.put(block('a')));
    const { js, jsm } = await rawNats(nats());
    await js.publish(`${cluster}.block.junk`, '{"reason":"everybody"}');
    const { seq } = await js.publish(`${cluster}.block.gone`, 'x');
    await jsm.streams.deleteMessage(`${cluster.toUpperCase()}_BLOCKS`, seq);
    expect(await other.blocks.appliedTo(seq)).to.equal(true);
    expect(other.kept.handed).to.deep.equal(['a because']);
    expect(await other.blocks.appliedTo(seq + 1), 'what nobody has written').to.equal(false);
  });

  it('are written again by the replicas where NATS has lost them, but for those lifted since', async () => {
    const server = await startNats();
    try {
      const [one, other] = [await replica('wsp', server), await replica('wsp', server)];
      const [a, b] = [block('a'), block('b')];
      writtenIn(await one.blocks.put(a));
      const before = writtenIn(await one.blocks.put(b));
      for (const { blocks } of [one, other]) expect(await blocks.appliedTo(before)).to.equal(true);
      const gone = [one.turns(false), other.turns(false)];
      await server.wipe();
      await Promise.all(gone);
      await Promise.all([one.turns(true), other.turns(true)]);
      // Until a replica has made the stream anew, nothing can be written.
      let lift = await one.blocks.lift(a);
      await until(async () => {
        if (lift.t === 'unknown') lift = await one.blocks.lift(a);
        return lift.t !== 'unknown';
      });
      const lifted = writtenIn(lift);
      expect(lifted).to.be.greaterThan(before);
      const late = await replica('wsp', server);
      await until(() => late.kept.blocks.has('b') && late.kept.handed.includes('a lifted'));
      expect([...late.kept.blocks.keys()]).to.deep.equal(['b']);
      for (const { blocks, kept } of [one, other]) {
        expect(await blocks.appliedTo(lifted)).to.equal(true);
        expect([...kept.blocks.keys()]).to.deep.equal(['b']);
      }
    } finally {
      await server.remove();
    }
  });

  it('are read as soon as NATS is there', async () => {
    const server = await startNats();
    try {
      const one = await replica('wsp', server);
      writtenIn(await one.blocks.put(block('a')));
      await server.stop();
      const late = open(natsSettings(server));
      const kept = new Kept();
      following.push(late.blocks.follow(kept));
      expect(late.blocks.isWhole).to.equal(false);
      await server.start();
      await late.turns(true);
      await until(() => late.blocks.isWhole);
      expect([...kept.blocks.keys()]).to.deep.equal(['a']);
    } finally {
      await server.remove();
    }
  });

  it('are refused while NATS is away, and what is in force stays', async () => {
    const server = await startNats();
    try {
      const one = await replica('wsp', server);
      const before = writtenIn(await one.blocks.put(block('a')));
      expect(await one.blocks.appliedTo(before)).to.equal(true);
      await server.kill();
      await one.turns(false);
      expect(await one.blocks.put(block('b'))).to.deep.equal({ t: 'unknown', detail: 'not connected to NATS' });
      expect(await one.blocks.appliedTo(before)).to.equal(true);
      expect(await one.blocks.appliedTo(before + 1)).to.equal(false);
      expect([...one.kept.blocks.keys()]).to.deep.equal(['a']);
    } finally {
      await server.remove();
    }
  });
});
