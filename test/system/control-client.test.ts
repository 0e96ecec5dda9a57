import { expect } from 'chai';
import { ControlClient } from '../../library/control/control-client.js';
import { ControlFailure } from '../../library/control/failure.js';
import type { SessionNews } from '../../library/control/session-watch.js';
import { BreakableLine } from '../support/breakable-line.js';
import { documentedPolicy } from '../support/documented-policy.js';
import type { Scratch } from '../support/scratch.js';
import { useStack } from '../support/stack.js';

/** Milliseconds for which a watch hopes: more than any busy machine needs. */
const PATIENCE = 60_000;

describe('the control client through the real Envoy', () => {
  let line: BreakableLine;
  let files: Scratch;
  let clients: ControlClient[] = [];
  // Between Envoy and the service there is a line that can break.
  const stack = useStack(async (scratch) => {
    files = scratch;
    line = await BreakableLine.atSocket(scratch.path('line.sock'), scratch.path('control.sock'));
    return {
      control: true,
      flags: { policy: scratch.write('policy.yaml', documentedPolicy()) },
      settings: { controlSocket: scratch.path('line.sock') },
    };
  });
  afterEach(() => {
    for (const client of clients) client.close();
    clients = [];
  });
  after(() => line.close());

  const clientOf = (name: string): ControlClient => {
    const { key, certificate } = stack().issue(name);
    const cert = files.write(`${name}.pem`, key + certificate);
    const ca = files.write('ca.pem', stack().ca);
    const client = new ControlClient({ server: `localhost:${stack().edge.ports.control}`, cert, ca });
    clients.push(client);
    return client;
  };

  /** The next news that is a change of a session, or a new start. */
  const next = async (watch: AsyncGenerator<SessionNews, void>): Promise<string> => {
    for (;;) {
      const { value } = await watch.next();
      if (value === undefined) return 'over';
      if (value.kind === 'started_over') return value.kind;
      const { type, session } = value.event;
      const kind = type.slice('SESSION_EVENT_TYPE_'.length);
      if (kind !== 'HEARTBEAT') return session === null ? kind : `${kind} ${session.meetup_id}`;
    }
  };

  it('a watch goes on where it was after its connection broke: nothing twice, nothing left out', async () => {
    const watch = clientOf('admin').watchSessions({}, { patience: PATIENCE });
    expect(await next(watch)).to.equal('SNAPSHOT_DONE');
    const gone = await stack().open(stack().gateway('gw-1'), 'sub/1/gw-1');
    gone.hello('gw-1');
    expect(await next(watch)).to.equal('ADDED sub/1/gw-1');
    line.become('cut');
    const came = await stack().open(stack().gateway('gw-2'), 'sub/1/gw-2');
    came.hello('gw-2');
    await gone.terminate();
    const seen = [next(watch), next(watch)];
    line.become('well');
    expect((await Promise.all(seen)).sort()).to.deep.equal(['ADDED sub/1/gw-2', 'REMOVED sub/1/gw-1']);
    await watch.return();
  });

  it('a watch from a token that is none fails, and is not begun anew', async () => {
    const watch = clientOf('admin').watchSessions({ resume_token: 'AAAA' }, { patience: PATIENCE });
    const outcome = await next(watch).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ControlFailure).and.to.include({ code: 'INVALID_ARGUMENT' });
  });

  it('a watch ends without a failure when its signal fires, also while it waits to go on', async () => {
    const over = new AbortController();
    const watch = clientOf('admin').watchSessions({}, { patience: PATIENCE, signal: over.signal });
    expect(await next(watch)).to.equal('SNAPSHOT_DONE');
    line.become('cut');
    const ended = next(watch);
    over.abort();
    expect(await ended).to.equal('over');
    line.become('well');
  });

  it('close ends what runs, streams without a failure and calls with CANCELLED, and so ends all that is asked later', async () => {
    const held = await stack().open(stack().gateway('gw-3'), 'sub/3/gw-3');
    held.hello('gw-3');
    const client = clientOf('admin');
    const watch = client.watchSessions({}, { patience: PATIENCE });
    let seen = '';
    while (!seen.endsWith('sub/3/gw-3')) seen = await next(watch);
    const history = client.watchHistory();
    const ends = [next(watch), history.next().then(({ done }) => (done === true ? 'over' : 'more'))];
    const failed = client.getServerInfo().catch((error: unknown) => error);
    client.close();
    expect(await failed)
      .to.be.instanceOf(ControlFailure)
      .and.to.include({ code: 'CANCELLED' });
    for (const end of ends) {
      let what = await end;
      while (what !== 'over') what = await next(watch);
    }
    const later = [client.listSessions(), client.watchHistory().next(), client.watchSessions().next()];
    for (const outcome of later) {
      const failure = await outcome.catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(ControlFailure).and.to.include({ code: 'CANCELLED' });
      expect((failure as ControlFailure).message).to.equal('the client was closed');
    }
    client.close();
    await held.terminate();
  });

  it('close ends a watch that waits to go on', async () => {
    const client = clientOf('admin');
    const watch = client.watchSessions({}, { patience: PATIENCE });
    let seen = '';
    while (seen !== 'SNAPSHOT_DONE') seen = await next(watch);
    line.become('cut');
    const ended = next(watch);
    client.close();
    expect(await ended).to.equal('over');
    line.become('well');
  });

  it('a call that fails says by what: the policy, the server, or nobody', async () => {
    const failureOf = (call: Promise<unknown>): Promise<ControlFailure> =>
      call.then(
        () => expect.fail('it did not fail'),
        (error) => error,
      );
    const denied = await failureOf(clientOf('manager').listSessions());
    expect(denied).to.be.instanceOf(ControlFailure).and.to.include({ code: 'PERMISSION_DENIED' });
    expect(denied.reason).not.to.equal('');
    const wrong = await failureOf(clientOf('admin').listSessions({ filter: 'no such field = 1' }));
    expect(wrong).to.include({ code: 'INVALID_ARGUMENT', reason: 'FIELD_INVALID' });
    const given = await failureOf(clientOf('admin').getServerInfo({}, { signal: AbortSignal.abort() }));
    expect(given).to.include({ code: 'CANCELLED', reason: '' });
  });

  it('every session is told once, whatever the size of a page', async () => {
    const meetups = ['sub/2/a', 'sub/2/b', 'sub/2/c'];
    for (const meetup of meetups) {
      const client = await stack().open(stack().gateway(meetup.slice(-1)), meetup);
      client.hello(meetup);
    }
    const admin = clientOf('admin');
    const filter = 'meetup_id = "sub/2/*"';
    while ((await admin.listSessions({ filter })).total_size < meetups.length);
    const seen: string[] = [];
    for await (const { meetup_id: meetup } of admin.sessions({ filter, page_size: 1 })) seen.push(meetup);
    expect(seen.sort()).to.deep.equal(meetups);
  });
});
