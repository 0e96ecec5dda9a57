import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { BlockPeerRequest } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/BlockPeerRequest.js';
import type { BlockPeerResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/BlockPeerResponse.js';
import type { GetServerInfoResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import type { ReloadPolicyResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ReloadPolicyResponse.js';
import type { SetMeetupLogLevelResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/SetMeetupLogLevelResponse.js';
import type { WatchDrainResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/WatchDrainResponse.js';
import { as, CERTIFICATES } from '../../support/control.js';
import { identity } from '../../support/fixtures.js';
import { FleetRig } from '../../support/fleet.js';
import { ask, errorInfo, failure, StreamLog } from '../../support/grpc-calls.js';

describe('control of the replicas of a fleet', function () {
  // A replica that is silent is waited for.
  this.timeout(20_000);
  let fleet: FleetRig;
  beforeEach(async () => {
    fleet = await FleetRig.start();
  });
  afterEach(() => fleet.stop());

  it('drains the replica that is named, and shows its progress from any', async () => {
    const [one] = fleet.at(1).rig.pair('sub/1');
    const progress = new StreamLog<WatchDrainResponse__Output>(
      fleet.client(2).watchDrain({ replica: 'r2' }, as('viewer')),
    );
    await progress.until(({ messages }) => messages.length === 1);
    expect(progress.messages[0]?.drain).to.include({ replica: 'r2', state: 'DRAIN_STATE_SERVING' });
    const answer = await ask<{ started: boolean; drain: object }>((done) =>
      fleet.client(0).drainReplica({ replica: 'r2', batch_size: 10 }, as('operator'), done as never),
    );
    expect(answer.started).to.equal(true);
    await progress.until(({ isOver }) => isOver);
    expect(progress.messages.at(-1)?.drain).to.include({ replica: 'r2', state: 'DRAIN_STATE_DRAINED' });
    expect(one.socket.closedWith?.code).to.equal(1012);
    const { drain } = await ask<{ drain: object }>((done) =>
      fleet.client(0).getDrain({ replica: 'r2' }, as('viewer'), done as never),
    );
    expect(drain).to.include({ replica: 'r2', state: 'DRAIN_STATE_DRAINED' });
    expect([0, 2].map((at) => fleet.at(at).rig.drain.state.t)).to.deep.equal(['serving', 'serving']);
  });

  it('says when no replica has the name of a drain, and when the one that has it does not answer', async () => {
    const drain = (replica: string) =>
      failure(ask((done) => fleet.client(0).drainReplica({ replica }, as('operator'), done)));
    const unknown = await drain('r9');
    expect([unknown.code, errorInfo(unknown).reason]).to.deep.equal([Code.NOT_FOUND, 'REPLICA_NOT_FOUND']);
    expect(unknown.details).to.contain('there are r1, r2, r3');
    fleet.at(1).line.become('cut');
    expect(errorInfo(await drain('r2'))).to.deep.include({ reason: 'REPLICA_UNREACHABLE' });
    const watched = new StreamLog(fleet.client(0).watchDrain({ replica: 'r9' }, as('viewer')));
    await watched.until(({ isOver }) => isOver);
    expect(watched.error?.code).to.equal(Code.NOT_FOUND);
  });

  it('says that the stream broke off when a replica goes while its drain is watched', async () => {
    const progress = new StreamLog<WatchDrainResponse__Output>(
      fleet.client(0).watchDrain({ replica: 'r2' }, as('viewer')),
    );
    await progress.until(({ messages }) => messages.length === 1);
    fleet.at(1).line.become('cut');
    await progress.until(({ isOver }) => isOver);
    expect(progress.error && errorInfo(progress.error).reason).to.equal('REPLICA_UNREACHABLE');
  });

  it('tells what each replica is, the one that answers first, and who does not answer', async () => {
    fleet.at(1).rig.digest = 'def';
    fleet.at(1).rig.notReady = 'the store is not reached';
    fleet.at(1).rig.pair('sub/1');
    const info = (at: number): Promise<GetServerInfoResponse__Output> =>
      ask((done) => fleet.client(at).getServerInfo({}, as('viewer'), done));
    const { server, replicas, unreachable_replicas, caller_rights } = await info(2);
    expect(server).to.include({ replica: 'r3', incarnation: 'r3-3' });
    expect(replicas.map(({ replica, policy }) => [replica, policy?.digest])).to.deep.equal([
      ['r3', 'abc'],
      ['r1', 'abc'],
      ['r2', 'def'],
    ]);
    expect(replicas[2]).to.include({ not_ready: 'the store is not reached', paired_sessions: 1, connections: 2 });
    expect([unreachable_replicas, caller_rights]).to.deep.equal([[], ['viewer']]);
    fleet.at(0).line.become('silent');
    expect((await info(2)).unreachable_replicas).to.deep.equal(['r1']);
  });

  it('reloads the policy of every replica, and names the one whose file is not valid', async () => {
    const reload = (): Promise<ReloadPolicyResponse__Output> =>
      ask((done) => fleet.client(0).reloadPolicy({}, as('admin'), done));
    for (const [at, { rig }] of fleet.replicas.entries()) {
      rig.reload = { ok: { changed: at === 1, endedConnections: at } };
    }
    const done = await reload();
    expect(done).to.deep.include({ changed: true, ended_connections: 3, unreachable_replicas: [] });
    expect(done.replicas.map(({ replica, changed }) => [replica, changed])).to.deep.equal([
      ['r1', false],
      ['r2', true],
      ['r3', false],
    ]);
    fleet.at(2).line.become('cut');
    expect(await reload()).to.deep.include({ ended_connections: 1, unreachable_replicas: ['r3'] });
    for (const at of [0, 1]) fleet.at(at).rig.reload = { refused: `policy.yaml:${at + 1}: bad` };
    const error = await failure(reload());
    expect([error.code, errorInfo(error).reason]).to.deep.equal([Code.FAILED_PRECONDITION, 'POLICY_INVALID']);
    expect(error.details)
      .to.contain('r1: the policy in force stays, since the file is not valid: policy.yaml:1: bad')
      .and.to.contain('r2: ');
  });

  it('sets the level of the log on every replica that admits the caller', async () => {
    fleet.at(1).rig.grants[CERTIFICATES.admin] = { level: 'viewer', tapBodies: false };
    const answer = await ask((done) => fleet.client(0).setLogLevel({ level: 'debug' }, as('admin'), done));
    expect(answer).to.deep.equal({ previous_level: 'info', level: 'debug', unreachable_replicas: ['r2'] });
    expect(fleet.replicas.map(({ rig }) => rig.level)).to.deep.equal(['debug', 'info', 'debug']);
    const wrong = await failure(ask((done) => fleet.client(0).setLogLevel({ level: 'loud' }, as('admin'), done)));
    expect(errorInfo(wrong).metadata).to.include({ field: 'level' });
  });

  it('sets the level of the log for one meetup on every replica, and ends it', async () => {
    const set = (request: object): Promise<SetMeetupLogLevelResponse__Output> =>
      ask((done) => fleet.client(0).setMeetupLogLevel({ meetup_id: 'sub/1', ...request }, as('operator'), done));
    const levels = () =>
      fleet.replicas.map(({ rig }) => rig.meetupLevels.list().map(({ meetupId, level }) => `${meetupId} ${level}`));
    const { meetup_log_level: made, unreachable_replicas: missed } = await set({ level: 'debug' });
    expect([made?.level, missed]).to.deep.equal(['debug', []]);
    expect(levels()).to.deep.equal([['sub/1 debug'], ['sub/1 debug'], ['sub/1 debug']]);
    fleet.at(1).line.become('cut');
    expect((await set({ level: '' })).unreachable_replicas).to.deep.equal(['r2']);
    expect(levels()).to.deep.equal([[], ['sub/1 debug'], []]);
  });

  describe('blocks', () => {
    const block = (at: number, request: BlockPeerRequest): Promise<BlockPeerResponse__Output> =>
      ask((done) =>
        fleet.client(at).blockPeer({ duration: { seconds: 3600 }, reason: 'lost', ...request }, as('operator'), done),
      );
    const listed = (at: number): Promise<{ blocks: { uid: string; reason: string }[] }> =>
      ask((done) => fleet.client(at).listBlocks({}, as('viewer'), done as never));

    it('keep out of every replica, and end who is in on any', async () => {
      const lost = identity();
      const peers = fleet.replicas.map(({ rig }, at) => rig.join(`sub/${at}`, { identity: lost }));
      const {
        ended_connections,
        unreachable_replicas,
        block: held,
      } = await block(0, { fingerprint: lost.fingerprint });
      expect([ended_connections, unreachable_replicas]).to.deep.equal([3, []]);
      for (const { socket } of peers) {
        expect(socket.closedWith).to.deep.equal({ code: 4411, reason: 'blocked by an operator: lost' });
      }
      for (const { rig } of fleet.replicas) {
        expect(rig.blocks.check(lost, 'anywhere', Date.now())?.uid).to.equal(held?.uid);
      }
      const again = await block(1, { fingerprint: lost.fingerprint, reason: 'still lost' });
      expect([again.block?.uid, again.ended_connections]).to.deep.equal([held?.uid, 0]);
      expect((await listed(2)).blocks).to.have.length(1);
      await ask((done) => fleet.client(2).unblockPeer({ name: `blocks/${held?.uid}` }, as('operator'), done));
      for (const { rig } of fleet.replicas) expect(rig.blocks.list(Date.now())).to.deep.equal([]);
      const none = await failure(
        ask((done) => fleet.client(0).unblockPeer({ name: `blocks/${held?.uid}` }, as('operator'), done)),
      );
      expect(none.code).to.equal(Code.NOT_FOUND);
    });

    it('are there in a replica that starts later', async () => {
      await block(0, { meetup_id: 'sub/1' });
      await fleet.begin('r4');
      expect((await listed(3)).blocks.map(({ reason }) => reason)).to.deep.equal(['lost']);
    });

    it('cannot be changed while the store is away, and stay in force', async () => {
      const { block: held } = await block(0, { meetup_id: 'sub/1' });
      const [one] = fleet.at(0).rig.pair('sub/2');
      fleet.at(0).reading.isAway = true;
      for (const change of [
        block(0, { meetup_id: 'sub/2' }),
        ask((done) => fleet.client(0).unblockPeer({ name: `blocks/${held?.uid}` }, as('operator'), done)),
        ask((done) =>
          fleet
            .client(0)
            .kickSession(
              { name: `sessions/${one.peer.session?.uid}`, reason: 'x', block_duration: { seconds: 60 } },
              as('operator'),
              done,
            ),
        ),
      ]) {
        const error = await failure(change);
        expect([error.code, errorInfo(error).reason]).to.deep.equal([Code.UNAVAILABLE, 'STORE_UNREACHABLE']);
      }
      expect(one.peer.state.t).to.equal('seated');
      expect(fleet.at(0).rig.blocks.list(Date.now())).to.have.length(1);
    });

    it('name the replicas where they are not known to be in force', async () => {
      fleet.at(1).reading.isAway = true;
      fleet.at(2).line.become('cut');
      const { unreachable_replicas } = await block(0, { meetup_id: 'sub/1' });
      expect(unreachable_replicas).to.deep.equal(['r2', 'r3']);
      // The third one reads the store, although nobody can ask it.
      expect(fleet.replicas.map(({ rig }) => rig.blocks.list(Date.now()).length)).to.deep.equal([1, 0, 1]);
    });

    it('are set once for one request id', async () => {
      const request = { meetup_id: 'sub/1', request_id: 'id-1' };
      expect(await block(0, request)).to.deep.equal(await block(0, request));
      expect(errorInfo(await failure(block(0, { ...request, reason: 'other' }))).reason).to.equal('REQUEST_ID_REUSED');
    });
  });
});
