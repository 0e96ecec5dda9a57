import { expect } from 'chai';
import fc from 'fast-check';
import type { Fault } from '../../../../proxy/control/rpc/fault.js';
import type { FakeSocket } from '../../../support/fake-socket.js';
import type { Way } from '../../../support/fleet-model-replica.js';
import { FleetModel, settled } from '../../../support/fleet-watch-model.js';

const NAMES = ['r1', 'r2', 'r3'];
const meetup = fc.constantFrom('sub/1', 'sub/10', 'sub/2', 'gw/3');

type Step = (model: FleetModel) => void | Promise<void>;
const at = fc.nat(9);
/** A step of that kind for each value. */
function steps<T>(
  word: string,
  values: fc.Arbitrary<T>,
  take: (model: FleetModel, value: T) => void | Promise<void>,
): fc.Arbitrary<Step> {
  return values.map((value): Step => {
    const run = (model: FleetModel): void | Promise<void> => take(model, value);
    return Object.assign(run, { [fc.toStringMethod]: () => `${word} ${JSON.stringify(value)}` });
  });
}
const once = fc.constant('');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: steps('join', fc.tuple(at, meetup), (model, [n, id]) => on(model, n, (one) => one.model.join(id))),
  },
  {
    weight: 4,
    arbitrary: steps('leave', fc.tuple(at, fc.nat(99)), (model, [n, peer]) =>
      on(model, n, (one) => void (one.model.peer(peer)?.socket as FakeSocket)?.gone()),
    ),
  },
  {
    weight: 3,
    arbitrary: steps('way', fc.tuple(at, fc.constantFrom<Way>('well', 'well', 'silent', 'cut')), (model, [n, way]) =>
      on(model, n, (one) => Object.assign(one, { way })),
    ),
  },
  { weight: 2, arbitrary: steps('break', at, (model, n) => on(model, n, (one) => one.breakStreams())) },
  { weight: 1, arbitrary: steps('end', at, (model, n) => model.end(n % Math.max(model.replicas.length, 1))) },
  { weight: 1, arbitrary: steps('begin', fc.constantFrom(...NAMES), (model, name) => void model.begin(name)) },
  {
    weight: 3,
    arbitrary: steps('takes', fc.constantFrom(0, 1, 2, 3, 1e9), (model, count) => model.client.takes(count)),
  },
  { weight: 2, arbitrary: steps('resume', once, (model) => model.resume()) },
  { weight: 1, arbitrary: steps('restart', once, (model) => model.resume('')) },
  { weight: 4, arbitrary: steps('pass', fc.constantFrom(250, 1000, 4000), (model, ms) => model.pass(ms)) },
);

function on(model: FleetModel, at: number, work: (replica: FleetModel['replicas'][number]) => void): void {
  const replica = model.replicas[at % Math.max(model.replicas.length, 1)];
  if (replica === undefined) return;
  work(replica);
  replica.news();
}

function told(view: ReadonlyMap<string, string | { readonly state: string }>): string {
  const states = [...view].map(([uid, one]) => [uid, typeof one === 'string' ? one : one.state].join(' '));
  return states
    .map((line) => line.replace('SESSION_STATE_', '').toLowerCase())
    .sort()
    .join('\n');
}

/** Lets every replica answer again, and waits until the client has what is true. */
async function healed(model: FleetModel): Promise<void> {
  for (const replica of model.replicas) replica.way = 'well';
  model.client.takes(1e9);
  await model.pass(15_000);
  // A client that fell behind starts over.
  if (model.client.failure !== undefined) {
    expect((model.client.failure as Fault).reason).to.equal('WATCHER_TOO_SLOW');
    model.resume('');
    await model.pass(15_000);
  }
}

describe('the watch of a fleet', function () {
  // Hundreds of fleets live for minutes of a clock that is driven.
  this.timeout(60_000);

  for (const [changes, filter] of [
    [4096, ''],
    [4096, 'state = PAIRED'],
    [8, ''],
  ] as const) {
    it(`gives a client the truth of all replicas whatever happens to them: ${changes} changes, filter "${filter}"`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
          const model = new FleetModel(NAMES, filter, changes);
          for (const one of steps) {
            await one(model);
            await settled();
          }
          await healed(model);
          expect(model.client.hasSnapshot).to.equal(true);
          expect(told(model.client.view), model.client.words.join(', ')).to.equal(told(model.truth()));
          model.client.stop();
          expect(model.clock.timers).to.equal(0);
          expect(model.replicas.reduce((sum, { sources }) => sum + sources.size, 0)).to.equal(0);
        }),
        { numRuns: 100 },
      );
    });
  }

  /** A fleet whose replicas have that many sessions each, and a client that has heard of none yet. */
  const fleet = async (...counts: readonly number[]): Promise<FleetModel> => {
    const model = new FleetModel([]);
    model.client.stop();
    for (const [at, count] of counts.entries()) {
      const replica = model.begin(`r${at + 1}`);
      for (let n = 1; n <= count; n += 1) replica.model.join(`${replica.name}/${n}`);
    }
    model.resume('');
    await settled();
    return model;
  };
  const heard = async (model: FleetModel, ms = 0): Promise<string[]> => {
    await model.pass(ms);
    await settled();
    return model.client.words.splice(0).filter((word) => word !== 'HEARTBEAT');
  };

  it('ends the snapshot once all have sent theirs, and tells who joins later', async () => {
    const model = await fleet(1, 1);
    expect(await heard(model)).to.deep.equal(['ADDED r1/1', 'ADDED r2/1', 'SNAPSHOT_DONE']);
    model.begin('r3').model.join('r3/1');
    expect(await heard(model, 1000)).to.deep.equal(['ADDED r3/1', 'REPLICA_JOINED r3']);
  });

  it('does not wait for a replica that is silent at the start, and tells it as lost until it answers', async () => {
    const model = new FleetModel(['r1', 'r2']);
    const [, silent] = model.replicas;
    silent?.model.join('r2/1');
    if (silent !== undefined) silent.way = 'silent';
    await settled();
    expect(await heard(model, 2000)).to.deep.equal([]);
    expect(await heard(model, 1000)).to.deep.equal(['REPLICA_LOST r2', 'SNAPSHOT_DONE']);
    expect(await heard(model, 60_000)).to.deep.equal([]);
    if (silent !== undefined) silent.way = 'well';
    expect(await heard(model, 1000)).to.deep.equal(['ADDED r2/1', 'REPLICA_JOINED r2']);
  });

  it('goes on without a gap where a stream broke and works again, and tells nothing of it', async () => {
    const model = await fleet(1, 1);
    await heard(model);
    model.replicas[1]?.breakStreams();
    model.replicas[1]?.model.join('r2/2');
    expect(await heard(model, 1000)).to.deep.equal(['ADDED r2/2']);
  });

  it('tells a replica that stopped as lost after a while, and its sessions anew when it goes on', async () => {
    const model = await fleet(1, 1);
    await heard(model);
    const [, stopped] = model.replicas;
    if (stopped !== undefined) stopped.way = 'silent';
    expect(await heard(model, 5000)).to.deep.equal([]);
    expect(await heard(model, 5000)).to.deep.equal(['REPLICA_LOST r2']);
    expect([...model.client.view.values()].map(({ replica }) => replica)).to.deep.equal(['r1']);
    if (stopped !== undefined) stopped.way = 'well';
    expect(await heard(model, 1000)).to.deep.equal(['ADDED r2/1', 'REPLICA_JOINED r2']);
  });

  it('tells a replica that is lost again in the middle of its snapshot as lost again', async () => {
    const model = await fleet(1, 3);
    await heard(model);
    const [, broken] = model.replicas;
    if (broken !== undefined) broken.way = 'cut';
    broken?.news();
    expect(await heard(model, 5000)).to.deep.equal(['REPLICA_LOST r2']);
    if (broken !== undefined) broken.way = 'well';
    model.client.takes(2);
    expect(await heard(model, 1000)).to.deep.equal(['ADDED r2/1', 'ADDED r2/2']);
    if (broken !== undefined) broken.way = 'cut';
    broken?.news();
    model.client.takes(100);
    expect(await heard(model, 1000)).to.deep.equal(['REPLICA_LOST r2']);
    expect(model.client.view.size).to.equal(1);
  });

  it('goes on by a token of the middle of a later snapshot: what was told of that replica is told anew', async () => {
    const model = await fleet(1);
    await heard(model);
    for (const id of ['r2/1', 'r2/2', 'r2/3']) (model.replicas[1] ?? model.begin('r2')).model.join(id);
    model.client.takes(2);
    expect(await heard(model, 1000)).to.deep.equal(['ADDED r2/1', 'ADDED r2/2']);
    model.resume();
    model.client.takes(100);
    const rest = ['REPLICA_LOST r2', 'ADDED r2/1', 'ADDED r2/2', 'ADDED r2/3', 'REPLICA_JOINED r2'];
    expect(await heard(model, 1000)).to.deep.equal(rest);
  });

  it('goes on by a token although a replica was started again: it is told as lost, and its new run tells its own', async () => {
    const model = await fleet(1, 2);
    await heard(model);
    model.client.stop();
    model.end(1);
    model.begin('r2').model.join('r2/9');
    model.resume();
    expect(await heard(model, 1000)).to.deep.equal(['REPLICA_LOST r2', 'ADDED r2/9', 'REPLICA_JOINED r2']);
  });

  it('tells the sessions of the other run anew where two runs of one name are there, and one goes', async () => {
    const model = await fleet(1, 1);
    await heard(model);
    model.begin('r2').model.join('r2/2');
    expect(await heard(model, 1000)).to.deep.equal(['ADDED r2/2', 'REPLICA_JOINED r2']);
    model.end(1);
    expect(await heard(model, 1000)).to.deep.equal(['REPLICA_LOST r2', 'ADDED r2/2', 'REPLICA_JOINED r2']);
  });

  it('does not take a replica for silent because the client is slow', async () => {
    const model = await fleet(1, 1);
    await heard(model);
    model.client.takes(0);
    model.replicas[1]?.model.join('r2/2');
    model.replicas[1]?.news();
    expect(await heard(model, 60_000)).to.deep.equal([]);
    model.client.takes(100);
    expect(await heard(model, 1000)).to.deep.equal(['ADDED r2/2']);
  });

  it('is refused where a replica has too many watchers, but not while it goes on', async () => {
    const model = await fleet(1, 1);
    await heard(model);
    const [, full] = model.replicas;
    if (full !== undefined) full.way = 'full';
    full?.news();
    expect(await heard(model, 5000)).to.deep.equal(['REPLICA_LOST r2']);
    if (full !== undefined) full.way = 'well';
    expect(await heard(model, 1000)).to.deep.equal(['ADDED r2/1', 'REPLICA_JOINED r2']);
    if (full !== undefined) full.way = 'full';
    model.resume('');
    await heard(model, 1000);
    expect((model.client.failure as Fault).reason).to.equal('WATCHERS_FULL');
  });

  it('tells a replica that does not know the filter as lost, until another version runs there', async () => {
    const model = new FleetModel(['r1', 'r2']);
    const [own, older] = model.replicas;
    if (own === undefined || older === undefined) return;
    older.way = 'older';
    own.model.join('r1/1');
    expect(await heard(model, 1000)).to.have.members(['ADDED r1/1', 'REPLICA_LOST r2', 'SNAPSHOT_DONE']);
    expect(await heard(model, 5000)).to.deep.equal([]);
    model.end(1);
    model.begin('r2').model.join('r2/1');
    expect(await heard(model, 5000)).to.include('ADDED r2/1');
    own.way = 'older';
    model.resume('');
    await heard(model, 1000);
    expect((model.client.failure as Fault).reason).to.equal('FIELD_INVALID');
  });

  it('ends a client that has fallen behind what a replica keeps', async () => {
    const model = new FleetModel(['r1'], '', 4);
    await settled();
    model.client.takes(0);
    for (let n = 0; n < 9; n += 1) model.replicas[0]?.model.join(`sub/${n}`);
    model.client.takes(100);
    model.replicas[0]?.news();
    expect((model.client.failure as Fault).reason).to.equal('WATCHER_TOO_SLOW');
    expect(model.clock.timers).to.equal(0);
  });
});
