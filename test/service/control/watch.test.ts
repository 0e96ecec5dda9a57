import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import { questionMark } from '../../../proxy/control/calls/opaque-token.js';
import type { ControlServiceClient } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import type { WatchSessionsRequest } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsRequest.js';
import type { WatchSessionsResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import type { ControlLimits } from '../../../proxy/control/limits.js';
import { as, CERTIFICATES, ControlRig } from '../../support/control.js';
import { errorInfo, StreamLog } from '../../support/grpc-calls.js';

type Watch = StreamLog<WatchSessionsResponse__Output>;

describe('watching sessions', function () {
  // Thousands of events, on a machine that may be busy.
  this.timeout(30_000);
  let rig: ControlRig;
  let client: ControlServiceClient;
  const start = async (limits: Partial<ControlLimits> = {}): Promise<void> => {
    rig = await ControlRig.start(limits);
    client = rig.client();
  };
  afterEach(() => rig.stop());

  const watch = (request: WatchSessionsRequest = {}): Watch =>
    new StreamLog(client.watchSessions(request, as('viewer')));
  const word = ({ type, session }: WatchSessionsResponse__Output): string =>
    `${type.slice('SESSION_EVENT_TYPE_'.length)} ${session?.meetup_id ?? ''}`.trim();
  const told = ({ messages }: Watch): string[] => messages.map(word);
  const heard =
    (last: string) =>
    ({ messages }: Watch): boolean => {
      const newest = messages.at(-1);
      return newest !== undefined && word(newest) === last;
    };

  it('sends the sessions that live, then each change', async () => {
    await start();
    rig.pair('sub/1');
    const received = watch();
    await received.until(heard('SNAPSHOT_DONE'));
    const { socket } = rig.join('sub/2');
    rig.join('sub/2');
    socket.gone();
    await received.until(heard('REMOVED sub/2'));
    expect(told(received)).to.deep.equal([
      'ADDED sub/1',
      'SNAPSHOT_DONE',
      'ADDED sub/2',
      'CHANGED sub/2',
      'REMOVED sub/2',
    ]);
    expect(received.messages.at(-1)?.session).to.include({ state: 'SESSION_STATE_FINISHED' });
    expect(received.messages.at(-1)?.session?.ending).to.include({ label: 'closed_by_peer' });
    received.stream.cancel();
  });

  it('goes on after a resume token, without a snapshot', async () => {
    await start();
    const first = watch();
    await first.until(heard('SNAPSHOT_DONE'));
    first.stream.cancel();
    const token = first.messages.at(-1)?.resume_token ?? '';
    rig.join('sub/1');
    rig.join('sub/2');
    const second = watch({ resume_token: token });
    await second.until(heard('ADDED sub/2'));
    expect(told(second)).to.deep.equal(['ADDED sub/1', 'ADDED sub/2']);
    second.stream.cancel();
  });

  it('refuses a resume token that is too old, of another filter, of another process or none', async () => {
    await start({ changes: 4 });
    const first = watch();
    await first.until(heard('SNAPSHOT_DONE'));
    first.stream.cancel();
    const token = first.messages.at(-1)?.resume_token ?? '';
    for (const id of ['a', 'b', 'c', 'd', 'e']) rig.join(id);
    const codes: [Code | undefined, string][] = [];
    const foreign = Buffer.from(JSON.stringify(['other', questionMark('other', ''), 1])).toString('base64url');
    for (const request of [
      { resume_token: token },
      { resume_token: token, filter: 'state = PAIRED' },
      { resume_token: foreign },
      { resume_token: 'nonsense' },
    ]) {
      const { error } = await watch(request).until(({ isOver }) => isOver);
      codes.push([error?.code, error === undefined ? '' : errorInfo(error).reason]);
    }
    expect(codes).to.deep.equal([
      [Code.OUT_OF_RANGE, 'RESUME_TOKEN_EXPIRED'],
      [Code.INVALID_ARGUMENT, 'FIELD_INVALID'],
      [Code.OUT_OF_RANGE, 'RESUME_TOKEN_EXPIRED'],
      [Code.INVALID_ARGUMENT, 'FIELD_INVALID'],
    ]);
  });

  it('sends a heartbeat with the newest token when nothing happens', async () => {
    await start();
    const received = watch({ heartbeat_interval: { seconds: 1 }, filter: 'state = PAIRED' });
    await received.until(heard('SNAPSHOT_DONE'));
    rig.join('sub/1');
    await received.until(heard('HEARTBEAT'));
    expect(received.messages.at(-1)?.resume_token).not.to.equal(received.messages[0]?.resume_token);
    received.stream.cancel();
  });

  it('leaves nothing behind when the client cancels or its deadline passes', async () => {
    await start();
    const cancelled = watch();
    const late = new StreamLog(client.watchSessions({}, as('viewer'), { deadline: Date.now() + 200 }));
    await cancelled.until(heard('SNAPSHOT_DONE'));
    expect(rig.feed.watchers.used).to.equal(2);
    cancelled.stream.cancel();
    await late.until(({ isOver }) => isOver);
    expect(late.error?.code).to.equal(Code.DEADLINE_EXCEEDED);
    await rig.audited(2);
    expect(rig.feed.watchers.used).to.equal(0);
  });

  it('holds no more watchers than its limits', async () => {
    await start({ watchers: 2, watchersOfOne: 1 });
    const first = watch();
    await first.until(heard('SNAPSHOT_DONE'));
    const { error } = await watch().until(({ isOver }) => isOver);
    expect(error?.code).to.equal(Code.RESOURCE_EXHAUSTED);
    const other: Watch = new StreamLog(client.watchSessions({}, as('admin')));
    await other.until(heard('SNAPSHOT_DONE'));
    for (const { stream } of [first, other]) stream.cancel();
  });

  it('ends the stream of a caller that has lost its right', async () => {
    await start({ recheckInterval: 10 });
    const received = watch();
    await received.until(heard('SNAPSHOT_DONE'));
    rig.grants[CERTIFICATES.viewer] = { level: 'none', tapBodies: false };
    await received.until(({ isOver }) => isOver);
    expect(received.error?.code).to.equal(Code.PERMISSION_DENIED);
  });

  it('tells a watcher that stops reading to start over, and keeps little for it meanwhile', async () => {
    await start({ changes: 64 });
    const slow = rig.client().watchSessions({}, as('viewer'));
    const open = new Promise<void>((resolve) => void slow.once('data', () => resolve()));
    await open;
    slow.pause();
    const fast = watch();
    await fast.until(heard('SNAPSHOT_DONE'));
    for (let round = 0; round < 200; round += 1) {
      const id = `sub/${'x'.repeat(400)}/${round}`;
      for (let n = 0; n < 10; n += 1) rig.join(`${id}/${n}`).socket.gone();
      await fast.until(heard(`REMOVED ${id}/9`));
    }
    const ended = new StreamLog<WatchSessionsResponse__Output>(slow);
    slow.resume();
    await ended.until(({ isOver }) => isOver);
    expect(ended.error?.code).to.equal(Code.ABORTED);
    expect(ended.error && errorInfo(ended.error).reason).to.equal('WATCHER_TOO_SLOW');
    expect(ended.messages.length).to.be.below(2000);
    fast.stream.cancel();
  });

  it('ends every stream when the replica stops', async () => {
    await start();
    const received = watch();
    await received.until(heard('SNAPSHOT_DONE'));
    await rig.server.stop();
    await received.until(({ isOver }) => isOver);
    expect([received.error?.code, received.error && errorInfo(received.error).reason]).to.deep.equal([
      Code.UNAVAILABLE,
      'STOPPING',
    ]);
  });
});
