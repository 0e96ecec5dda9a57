import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import type { AdminRig } from '../support/admin.js';
import type { BreakableLine } from '../support/breakable-line.js';
import type { JoinedPeer } from '../support/control.js';
import { identity } from '../support/fixtures.js';
import type { FleetRig } from '../support/fleet.js';
import { type FleetBehindEnvoy, startFleetBehindEnvoy } from '../support/fleet-behind-envoy.js';

/** Longest time until a command tells what has happened, milliseconds. */
const SOON_MS = 30_000;

describe('control commands for a fleet, through the real Envoy', function () {
  // Envoy starts, and replicas that are silent are waited for.
  this.timeout(40_000);
  let fleet: FleetRig;
  let admin: AdminRig;
  let line: BreakableLine;
  let stage: FleetBehindEnvoy;
  beforeEach(async () => {
    stage = await startFleetBehindEnvoy();
    ({ fleet, admin, line } = stage);
  });
  afterEach(async () => {
    process.exitCode = 0;
    await stage.stop();
  });

  /** Runs a command and tells its exit code, too. */
  const run = async (...words: readonly string[]) => {
    process.exitCode = 0;
    const outcome = await admin.run(words);
    const exitCode = outcome.failure?.exitCode ?? process.exitCode;
    process.exitCode = 0;
    return { ...outcome, exitCode };
  };

  it('list: every replica’s, with its name; who does not answer is named, and the exit code tells', async () => {
    for (const [at, { rig }] of fleet.replicas.entries()) rig.pair(`sub/${at}`);
    const whole = await run('sessions', 'list', '--order-by', 'meetup_id');
    const lines = whole.out.trim().split('\n');
    expect(lines.map((one) => one.split('\t').at(-1))).to.deep.equal(['REPLICA', 'r1', 'r2', 'r3']);
    expect([whole.notes, whole.exitCode]).to.deep.equal(['', 0]);
    fleet.at(2).line.become('cut');
    const part = await run('sessions', 'list', '-o', 'json');
    expect(part.notes).to.equal('r3 did not answer: the sessions there are not shown\n');
    expect(part.exitCode).to.equal(6);
    expect(JSON.parse(part.out)).to.deep.include({ totalSize: 2, unreachableReplicas: ['r3'] });
    const unknown = await run('sessions', 'get', 'sub/2');
    expect(unknown.failure?.message).to.contain('no replica that answered has a session "sub/2"; r3 did not answer');
    expect(unknown.exitCode).to.equal(5);
    const byUid = await run('sessions', 'get', '00000000-0000-4000-8000-000000000000');
    expect(byUid.failure?.message).to.match(/^replica r3 did not answer: whether one of them has sessions\/0000/);
    expect(byUid.exitCode).to.equal(5);
  });

  it('get and kick: wherever the session is, and through which replica a peer came', async () => {
    const { rig } = fleet.at(1);
    const { socket } = rig.join('sub/1', { via: 'r3-3' });
    const shown = await run('sessions', 'get', 'sub/1');
    expect(shown.out).to.contain('replica\tr2\n').and.to.contain('first came by\tr3-3\n');
    expect((await run('sessions', 'kick', 'sub/1', '--reason', 'lost')).exitCode).to.equal(0);
    expect(socket.closedWith?.code).to.equal(4410);
  });

  /** Follows what a command writes; `until` resolves with all of it once that holds. */
  const follower = () => {
    let all = '';
    const tell = (text: string): void => {
      all = text;
    };
    const until = (holds: (text: string) => boolean): Promise<string> =>
      waitFor(`not ${holds}`, SOON_MS, new AbortController().signal, async () => (holds(all) ? all : undefined));
    return { until, tell };
  };

  it('watch: lost replicas are told, and a connection that breaks goes on where it was', async () => {
    const { until, tell } = follower();
    fleet.at(2).rig.join('sub/2');
    const running = admin.run(['sessions', 'watch'], undefined, tell);
    await until((text) => text.includes('sub/2'));
    await fleet.kill(fleet.at(2));
    const lost = await until((text) => text.includes('REPLICA_LOST'));
    expect(lost.trim().split('\n').at(-1)).to.match(/\tREPLICA_LOST\t(?:-\t){5}r3$/);
    line.become('cut');
    fleet.at(1).rig.join('sub/9');
    line.become('well');
    const on = await until((text) => text.includes('sub/9'));
    expect(on.trim().split('\n')).to.have.length(3);
    fleet.at(0).rig.grants['O=admin'] = { level: 'none', tapBodies: false };
    expect((await running).failure).to.include({ exitCode: 3 });
  });

  it('tap --follow: stays with the meetup over sessions and replicas, and says how each one ended', async () => {
    const { until, tell } = follower();
    const running = admin.run(['tap', 'sub/f', '--follow', '--count', '3'], undefined, tell);
    await until((text) => text.includes('-- nobody is at sub/f: waiting for a session'));
    const request = JSON.stringify({
      message: { messageId: 1, messageType: 'REST:REQUEST', method: 'GET', path: '/x' },
    });
    const replicas = [...fleet.replicas];
    const meet = async (at: number): Promise<JoinedPeer> => {
      const { rig } = replicas[at] ?? fleet.at(at);
      const manager = rig.join('sub/f', { role: 'manager', identity: identity({ subject: 'CN=cloud-7' }) });
      await until(() => rig.taps.size === 1);
      rig.join('sub/f', { role: 'gateway', identity: identity({ subject: 'CN=gw-12' }) });
      await until((text) => text.includes(`on r${at + 1}: paired, manager cloud-7, gateway gw-12`));
      manager.socket.receive(request);
      return manager;
    };
    const first = await meet(0);
    await until((text) => text.includes('  manager > gateway  REST:REQUEST #1 GET /x'));
    const { uid = '' } = first.peer.session ?? {};
    first.socket.gone('connection_lost', 1006);
    await until((text) => text.includes(`-- session ${uid.slice(0, 8)} ended by connection_lost (1006)`));
    await meet(1);
    await until((text) => text.split('REST:REQUEST').length === 3);
    await fleet.kill(fleet.at(1));
    await until((text) => /-- r2 is lost, and session [0-9a-f]{8} with it/.test(text));
    await meet(2);
    const { out, failure } = await running;
    expect(failure).to.equal(undefined);
    expect(out.match(/ended by/g)).to.have.length(1);
    expect(out.match(/manager > gateway/g)).to.have.length(3);
    const byUid = await run('tap', '00000000-0000-4000-8000-000000000000', '--follow');
    expect(byUid.failure?.message).to.match(/did not answer|no live session/);
  });

  it('tap --follow: a connection that breaks is made again, and each message is told once', async () => {
    const { until, tell } = follower();
    const { rig } = fleet.at(1);
    const [one, two] = rig.pair('sub/f');
    const running = admin.run(['tap', 'sub/f', '--follow', '-o', 'json'], undefined, tell);
    const say = (id: number): void =>
      one.socket.receive(JSON.stringify({ message: { messageId: id, messageType: 'EVENT' } }));
    await until(() => rig.taps.size === 1);
    say(1);
    await until((text) => text.includes('"messageId":"1"'));
    line.become('cut');
    await until(() => rig.taps.size === 0);
    line.become('well');
    await until(() => rig.taps.size === 1);
    say(2);
    await until((text) => text.includes('"messageId":"2"'));
    two.socket.gone('connection_lost', 1006);
    const text = await until((all) => all.includes('"ending"'));
    const told = text
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row));
    expect(told.map(({ messageId, ending }) => messageId ?? ending.label)).to.deep.equal(['1', '2', 'connection_lost']);
    expect(told.at(-1).session).to.equal(`sessions/${one.peer.session?.uid}`);
    for (const replica of fleet.replicas) replica.rig.grants['O=admin'] = { level: 'none', tapBodies: false };
    expect((await running).failure).to.include({ exitCode: 3 });
  });

  it('info and reload: each replica, and a warning where their policies differ', async () => {
    const same = await run('info');
    expect(same.out)
      .to.contain('\nREPLICA\tVERSION\tSTATE\t')
      .and.to.match(/\nr2\t0\.0\.0\tserving\t/);
    expect([same.notes, same.exitCode]).to.deep.equal(['', 0]);
    fleet.at(1).rig.digest = 'd'.repeat(64);
    fleet.at(1).rig.notReady = 'the store is not reached';
    const differ = await run('info');
    expect(differ.notes).to.equal(`the replicas enforce different policies: r1 abc, r2 ${'d'.repeat(12)}, r3 abc\n`);
    expect(differ.out).to.contain('the store is not reached');
    expect((await run('reload')).notes).to.contain('different policies');
    fleet.at(2).line.become('cut');
    const part = await run('log-level', 'debug');
    expect([part.notes, part.exitCode]).to.deep.equal(['r3 did not answer: the level there may be as it was\n', 6]);
    expect(fleet.at(1).rig.level).to.equal('debug');
  });

  it('blocks: on every replica, and who is not known to have it is named', async () => {
    const lost = identity();
    const { socket } = fleet.at(2).rig.join('sub/1', { identity: lost });
    const words = ['blocks', 'add', '--fingerprint', lost.fingerprint, '--duration', '1h', '--reason', 'lost'];
    const added = await run(...words, '-o', 'json');
    expect(JSON.parse(added.out)).to.deep.include({ endedConnections: 1 });
    expect(socket.closedWith?.code).to.equal(4411);
    fleet.at(1).reading.isAway = true;
    const part = await run('blocks', 'remove', JSON.parse(added.out).block.uid);
    expect(part.notes).to.equal('r2 did not answer: the block is lifted there once they read the store\n');
    expect(part.exitCode).to.equal(6);
    fleet.at(0).reading.isAway = true;
    const away = await run(...words);
    expect(away.failure?.message).to.contain('the store of the fleet did not confirm the change');
    expect(away.exitCode).to.equal(5);
  });

  it('drain: of the replica that is named, and never of whichever answers', async () => {
    const none = await run('drain');
    expect(none.failure?.message).to.equal('several replicas serve together: name one of r1, r2, r3, or give --all');
    expect(none.exitCode).to.equal(2);
    const { out, exitCode } = await run('drain', 'r2');
    expect([out.trim().split('\n').at(-1), exitCode]).to.deep.equal([
      'drained: 0 of 0 sessions left, 0 connections, 0 invocations in flight',
      0,
    ]);
    const status = await run('drain', '--status');
    expect(status.out.match(/state\t\w+/g)).to.deep.equal(['state\tserving', 'state\tdrained', 'state\tserving']);
    expect((await run('drain', 'r9')).exitCode).to.equal(4);
    expect((await run('drain', 'r1', '--all')).exitCode).to.equal(2);
    expect((await run('drain', '--rolling')).exitCode).to.equal(2);
    fleet.at(2).line.become('cut');
    const silent = await run('drain', '--all');
    expect(silent.failure?.message).to.contain('r3 did not answer');
    expect([0, 2].map((at) => fleet.at(at).rig.drain.state.t)).to.deep.equal(['serving', 'serving']);
  });

  it('drain --all --rolling: one after another, the next one when the one before serves again', async () => {
    const notes: string[] = [];
    const running = admin.run(
      ['drain', '--all', '--rolling'],
      undefined,
      () => {},
      (text) => void notes.push(text),
    );
    const drained = async (count: number): Promise<void> => {
      while (notes.length < count) await new Promise<void>((resolve) => void setTimeout(resolve, 20));
    };
    for (const [n, name] of ['r1', 'r2'].entries()) {
      await drained(n + 1);
      expect(notes[n]).to.contain(`${name} is drained: start it again; the next one`);
      const old = fleet.replicas.find((one) => one.name === name);
      if (old === undefined) throw new Error(`no ${name}`);
      const others = fleet.replicas.filter((one) => one.name !== name && one.rig.drain.state.t !== 'serving');
      expect(others.map((one) => one.name)).to.deep.equal([]);
      const fresh = await fleet.begin(name);
      if (name === 'r1') line.leadTo(fresh.rig.socketPath);
      await fleet.kill(old);
    }
    const { failure, out } = await running;
    expect(failure).to.equal(undefined);
    expect(out.match(/^r\d: drained/gm)).to.deep.equal(['r1: drained', 'r2: drained', 'r3: drained']);
    expect(notes[2]).to.equal('r3 is drained: start it again\n');
  });
});
