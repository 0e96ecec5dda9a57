import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { WatchSessionsRequest } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsRequest.js';
import type { WatchSessionsResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { as, CERTIFICATES } from '../../support/control.js';
import { FleetRig, type FleetWay } from '../../support/fleet.js';
import { errorInfo, StreamLog } from '../../support/grpc-calls.js';

type Watch = StreamLog<WatchSessionsResponse__Output>;

for (const way of ['unix', 'tls'] satisfies FleetWay[]) {
  describe(`watching the sessions of a fleet, over ${way}`, function () {
    // A replica that falls silent is waited for.
    this.timeout(30_000);
    let fleet: FleetRig;
    const start = async (...given: Parameters<typeof FleetRig.start>): Promise<void> => {
      fleet = await FleetRig.start(...given);
    };
    afterEach(() => fleet.stop());

    const watch = (at: number, request: WatchSessionsRequest = {}): Watch =>
      new StreamLog(fleet.client(at).watchSessions(request, as('viewer')));
    const told = ({ messages }: Watch): string[] =>
      messages
        .map(({ type, session, replica }) =>
          `${type.slice('SESSION_EVENT_TYPE_'.length)} ${session?.meetup_id ?? replica}`.trim(),
        )
        .filter((word) => word !== 'HEARTBEAT');
    const heard =
      (...words: readonly string[]) =>
      (received: Watch): boolean => {
        const all = told(received);
        return received.isOver || words.every((word) => all.includes(word));
      };
    const token = ({ messages }: Watch): string => messages.at(-1)?.resume_token ?? '';

    it('sends what lives on every replica, then each change of any, in the order of each', async () => {
      await start(way);
      for (const [at, { rig }] of fleet.replicas.entries()) rig.join(`sub/${at}`);
      const received = watch(1);
      await received.until(heard('SNAPSHOT_DONE'));
      expect(told(received).slice(0, 3).toSorted()).to.deep.equal(['ADDED sub/0', 'ADDED sub/1', 'ADDED sub/2']);
      expect(received.messages.slice(0, 3).map(({ resume_token }) => resume_token)).to.deep.equal(['', '', '']);
      for (const { rig } of fleet.replicas) rig.pair(`new/${rig.feed.watchers.used}`);
      const { socket } = fleet.at(2).rig.join('sub/8');
      await received.until(heard('ADDED sub/8'));
      fleet.at(2).rig.join('sub/8');
      socket.gone();
      await received.until(heard('REMOVED sub/8'));
      expect(told(received).filter((word) => word.endsWith('sub/8'))).to.deep.equal([
        'ADDED sub/8',
        'CHANGED sub/8',
        'REMOVED sub/8',
      ]);
      received.stream.cancel();
    });

    it('goes on at another replica by the token, with nothing left out and nothing twice', async () => {
      await start(way);
      const first = watch(0);
      await first.until(heard('SNAPSHOT_DONE'));
      first.stream.cancel();
      for (const [at, { rig }] of fleet.replicas.entries()) rig.join(`sub/${at}`);
      const second = watch(2, { resume_token: token(first) });
      await second.until(heard('ADDED sub/0', 'ADDED sub/1', 'ADDED sub/2'));
      expect(told(second)).to.have.length(3);
      second.stream.cancel();
      const other = watch(1, { resume_token: token(first), filter: 'state = PAIRED' });
      await other.until(({ isOver }) => isOver);
      expect(other.error && errorInfo(other.error).metadata).to.include({ field: 'resume_token' });
    });

    it('tells a replica that is cut off as lost, and its sessions anew when it answers again', async () => {
      await start(way);
      fleet.at(2).rig.join('sub/2');
      const received = watch(0);
      await received.until(heard('SNAPSHOT_DONE'));
      fleet.at(2).line.become('cut');
      await received.until(heard('REPLICA_LOST r3'));
      fleet.at(2).line.become('well');
      await received.until(heard('REPLICA_JOINED r3'));
      expect(told(received)).to.deep.equal([
        'ADDED sub/2',
        'SNAPSHOT_DONE',
        'REPLICA_LOST r3',
        'ADDED sub/2',
        'REPLICA_JOINED r3',
      ]);
      received.stream.cancel();
    });

    it('goes on without a word where a line broke and works again', async () => {
      await start(way);
      const received = watch(0);
      await received.until(heard('SNAPSHOT_DONE'));
      fleet.at(2).line.become('well');
      fleet.at(2).rig.join('sub/2');
      await received.until(heard('ADDED sub/2'));
      expect(told(received)).to.deep.equal(['SNAPSHOT_DONE', 'ADDED sub/2']);
      received.stream.cancel();
    });

    it('notices a replica that is silent in the middle of a watch, and before it', async () => {
      await start(way);
      fleet.at(1).line.become('silent');
      const received = watch(0);
      await received.until(heard('SNAPSHOT_DONE'));
      expect(told(received)).to.deep.equal(['REPLICA_LOST r2', 'SNAPSHOT_DONE']);
      fleet.at(2).line.become('silent');
      await received.until(heard('REPLICA_LOST r3'));
      received.stream.cancel();
    });

    it('tells a replica that was killed as lost, and its next run from its beginning', async () => {
      await start(way);
      const received = watch(0);
      await received.until(heard('SNAPSHOT_DONE'));
      fleet.at(2).rig.join('sub/2');
      await received.until(heard('ADDED sub/2'));
      await fleet.kill(fleet.at(2));
      (await fleet.begin('r3')).rig.join('sub/3');
      await received.until(heard('REPLICA_JOINED r3'));
      expect(told(received).slice(1)).to.deep.equal([
        'ADDED sub/2',
        'REPLICA_LOST r3',
        'ADDED sub/3',
        'REPLICA_JOINED r3',
      ]);
      const resumed = watch(1, { resume_token: token(received) });
      fleet.at(2).rig.join('sub/4');
      await resumed.until(heard('ADDED sub/4'));
      expect(told(resumed)).to.deep.equal(['ADDED sub/4']);
      for (const one of [received, resumed]) one.stream.cancel();
    });

    it('leaves nothing behind on any replica when the client goes, or loses its right at one of them', async () => {
      await start(way, { limits: { recheckInterval: 20 } });
      const used = (): number => fleet.replicas.reduce((sum, { rig }) => sum + rig.feed.watchers.used, 0);
      const cancelled = watch(0);
      await cancelled.until(heard('SNAPSHOT_DONE'));
      expect(used()).to.equal(3);
      cancelled.stream.cancel();
      const denied = watch(1);
      await denied.until(heard('SNAPSHOT_DONE'));
      fleet.at(2).rig.grants[CERTIFICATES.viewer] = { level: 'none', tapBodies: false };
      await denied.until(({ isOver }) => isOver);
      expect(denied.error?.code).to.equal(Code.PERMISSION_DENIED);
      while (used() > 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    });

    it('ends a client that reads too slowly, and keeps little for it meanwhile', async () => {
      await start(way, { limits: { changes: 64 } });
      const slow = fleet.client(0).watchSessions({}, as('viewer'));
      await new Promise<void>((resolve) => void slow.once('data', () => resolve()));
      slow.pause();
      const fast = watch(1);
      await fast.until(heard('SNAPSHOT_DONE'));
      const { rig } = fleet.at(2);
      for (let round = 0; round < 300; round += 1) {
        const id = `sub/${'x'.repeat(400)}/${round}`;
        for (let n = 0; n < 10; n += 1) rig.join(`${id}/${n}`).socket.gone();
        await fast.until(({ messages, isOver }) => isOver || messages.at(-1)?.session?.meetup_id === `${id}/9`);
      }
      const ended: Watch = new StreamLog(slow);
      slow.resume();
      await ended.until(({ isOver }) => isOver);
      expect(ended.error && errorInfo(ended.error).reason).to.equal('WATCHER_TOO_SLOW');
      expect(ended.messages.length).to.be.below(3000);
      fast.stream.cancel();
    });
  });
}
