import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { AdminRig } from '../support/admin.js';
import type { ControlRig } from '../support/control.js';
import { type ControlBehindEnvoy, startControlBehindEnvoy } from '../support/control-behind-envoy.js';

describe('control commands through the real Envoy', function () {
  // Envoy starts.
  this.timeout(30_000);
  let rig: ControlRig;
  let admin: AdminRig;
  let stage: ControlBehindEnvoy;
  before(async () => {
    stage = await startControlBehindEnvoy();
    ({ rig, admin } = stage);
  });
  afterEach(() => {
    for (const peer of rig.present.peers) peer.end('kicked', 'end of test');
    for (const { uid } of rig.blocks.list(Date.now())) rig.blocks.remove(uid, Date.now());
    process.exitCode = 0;
  });
  after(async () => {
    await stage.stop();
  });

  /** Waits until so many sessions are tapped. */
  const tapped = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => (rig.taps.size === count ? resolve() : void setImmediate(look));
      look();
    });

  it('list: plain columns when piped, a table on a terminal, JSON and YAML', async () => {
    const [one] = rig.pair('sub/1');
    rig.join('sub/2', {}, 'evil \u001b[2J');
    const uid = one.peer.session?.uid ?? '';
    const plain = await admin.run(['sessions', 'list']);
    const [head, first] = plain.out.split('\n').map((line) => line.split('\t'));
    expect(head?.slice(0, 4)).to.deep.equal(['UID', 'MEETUP', 'STATE', 'AGE']);
    expect(first?.slice(0, 3)).to.deep.equal([uid, 'sub/1', 'PAIRED']);
    const table = await admin.run(['sessions', 'list', '--state', 'paired'], 60);
    expect(table.out)
      .to.match(/^sub\/1 +PAIRED/m)
      .and.not.to.contain('sub/2');
    for (const line of table.out.split('\n')) expect(line.length).to.be.at.most(60);
    const json = JSON.parse((await admin.run(['sessions', 'list', '--meetup', 'sub/2', '-o', 'json'])).out);
    expect(json).to.include({ totalSize: 1 });
    expect(json.sessions[0]).to.include({ meetupId: 'sub/2', state: 'SESSION_STATE_WAITING' });
    expect(json.sessions[0].peers[0].peerId).to.equal('evil \u001b[2J');
    expect(parse((await admin.run(['sessions', 'list', '-o', 'yaml'])).out).sessions).to.have.length(2);
  });

  it('get: by uid, its beginning or the meetup id, and never lets a claim steer the terminal', async () => {
    const { peer } = rig.join('sub/2', {}, 'evil \u001b[2J\u202e\u009b2J');
    const uid = peer.session?.uid ?? '';
    for (const word of [uid, uid.slice(0, 8), 'sub/2', `sessions/${uid}`]) {
      const { out, failure } = await admin.run(['sessions', 'get', word], 80);
      expect(failure).to.equal(undefined);
      expect(out).to.contain(`sessions/${uid}`).and.to.contain('evil \\u{1b}[2J\\u{202e}');
    }
    for (const [form, read] of [
      ['json', (text: string) => JSON.parse(text)],
      ['yaml', (text: string) => parse(text)],
    ] as const) {
      const { out } = await admin.run(['sessions', 'get', uid, '-o', form], 80);
      expect(out).not.to.match(/[\u009b\u202e]/);
      expect(read(out).peers[0].peerId).to.equal('evil \u001b[2J\u202e\u009b2J');
    }
  });

  it('kick: ends, blocks, and a repeated request id does nothing more', async () => {
    const [one, two] = rig.pair('sub/1');
    const answer = await admin.run(['sessions', 'kick', 'sub/1', '--reason', 'lost', '--block', '10m', '-o', 'json']);
    expect(JSON.parse(answer.out).kickedPeerUids).to.deep.equal([one.peer.uid, two.peer.uid]);
    expect(two.socket.closedWith?.code).to.equal(4410);
    const blocks = await admin.run(['blocks', 'list']);
    expect(blocks.out.split('\n')).to.have.length(4);
    expect(blocks.out).to.contain('O=admin\tlost');
  });

  it('blocks: add and remove', async () => {
    const { peer, socket } = rig.join('sub/1');
    const { fingerprint } = peer.admission.identity;
    const line = ['blocks', 'add', '--fingerprint', fingerprint, '--duration', '1h', '--reason', 'lost', '-o', 'json'];
    const added = JSON.parse((await admin.run(line)).out);
    expect(added).to.deep.include({ endedConnections: 1 });
    expect(socket.closedWith?.code).to.equal(4411);
    expect((await admin.run(['blocks', 'remove', added.block.uid])).out).to.contain(added.block.uid);
    expect((await admin.run(['blocks', 'remove', added.block.uid])).failure).to.include({ exitCode: 4 });
    const endless = await admin.run(['blocks', 'add', '--meetup', 'x', '--duration', '31d', '--reason', 'y']);
    expect(endless.failure?.message).to.match(/^--duration: must be from /);
  });

  it('drain --status: says that none is under way, and counts nothing', async () => {
    rig.join('sub/1');
    const { out, failure } = await admin.run(['drain', '--status'], 80);
    expect(failure).to.equal(undefined);
    expect(out).to.match(/state +serving: no drain is under way\n$/);
    const json = JSON.parse((await admin.run(['drain', '--status', '-o', 'json'])).out);
    expect(json.state).to.equal('DRAIN_STATE_SERVING');
  });

  it('watch: a line for each event', async () => {
    let told: (text: string) => void = () => {};
    const done = new Promise<string>((resolve) => {
      told = (text) => {
        if (text.includes('SNAPSHOT_DONE') && !text.includes('sub/9')) rig.join('sub/9');
        if (text.includes('sub/9')) resolve(text);
      };
    });
    const running = admin.run(['sessions', 'watch', '-o', 'json'], undefined, told);
    const lines = (await done)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).to.deep.equal([
      'SESSION_EVENT_TYPE_SNAPSHOT_DONE',
      'SESSION_EVENT_TYPE_ADDED',
    ]);
    rig.grants['O=admin'] = { level: 'none', tapBodies: false };
    const { failure } = await running;
    rig.grants['O=admin'] = { level: 'admin', tapBodies: true };
    expect(failure).to.include({ exitCode: 3 });
  });

  it('tap: a line for each message, bodies with --bodies', async () => {
    const one = rig.join('sub/1', { role: 'manager' });
    rig.join('sub/1', { role: 'gateway' });
    const running = admin.run(['tap', 'sub/1', '--bodies', '--count', '1']);
    const message = { messageId: 1, messageType: 'REST:REQUEST', method: 'GET', path: '/x', requiresResponse: true };
    await tapped(1);
    one.socket.receive(JSON.stringify({ message }));
    const { out, failure } = await running;
    expect(failure).to.equal(undefined);
    expect(out)
      .to.contain('  manager > gateway  REST:REQUEST #1 GET /x')
      .and.to.contain('"messageType":"REST:REQUEST"');
  });

  it('tap: says how the session ended, and tells two of one seat apart by their uids', async () => {
    for (const form of [[], ['-o', 'json']]) {
      const [one, two] = rig.pair('sub/2');
      const running = admin.run(['tap', 'sub/2', ...form]);
      await tapped(1);
      one.socket.receive(JSON.stringify({ message: { messageType: 'EVENT', messageId: 1 } }));
      two.socket.gone('connection_lost', 1006);
      const { out, failure } = await running;
      expect(failure).to.equal(undefined);
      const [first = '', last = ''] = out.trim().split('\n');
      const session = `sessions/${one.peer.session?.uid}`;
      if (form.length > 0) {
        expect(JSON.parse(first)).to.include({ fromRole: one.peer.admission.role, messageType: 'EVENT' });
        expect(JSON.parse(last)).to.deep.include({ session }).and.to.have.nested.property('ending.code', 1006);
        continue;
      }
      const [from, to] = [one, two].map(({ peer }) => `${peer.admission.role} ${peer.uid.slice(0, 8)}`);
      expect(first).to.contain(`  ${from} > ${to}  EVENT #1  `);
      expect(last).to.match(/Z {2}-- session [0-9a-f]{8} ended by connection_lost \(1006\): ./);
    }
  });

  it('info, reload, log-level', async () => {
    expect((await admin.run(['info'])).out).to.contain('your rights\tviewer, operator, admin, tap-bodies');
    expect((await admin.run(['reload'])).out).to.contain('changed\tyes');
    rig.reload = { refused: 'policy.yaml:3: bad' };
    const { failure } = await admin.run(['reload']);
    expect(failure?.message).to.contain('policy.yaml:3: bad');
    expect(failure?.exitCode).to.equal(1);
    expect((await admin.run(['log-level', 'debug'])).out).to.contain('debug, was info');
  });

  it('log-level --meetup: for a time, shown by info, and ended by usual', async () => {
    const { out } = await admin.run(['log-level', 'debug', '--meetup', 'sub/1', '--for', '60s']);
    expect(out).to.match(/^level\tsub\/1: debug until 20\S+Z, by \S/);
    expect((await admin.run(['info'])).out).to.contain('log level of\tsub/1: debug until');
    const ended = await admin.run(['log-level', 'usual', '--meetup', 'sub/1', '-o', 'json']);
    expect(JSON.parse(ended.out)).to.deep.equal({ unreachableReplicas: [] });
    expect((await admin.run(['info'])).out).not.to.contain('log level of');
    const { failure } = await admin.run(['log-level', 'debug', '--for', '60s']);
    expect(failure?.message).to.contain('name it with --meetup');
    expect(failure?.exitCode).to.equal(2);
  });

  it('explain: asks the service without --policy, with the certificate and not its key', async () => {
    const file = join(admin.folder, 'certs', 'x.pem');
    await writeFile(file, '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n');
    expect((await admin.run(['explain', file, 'sub/1'])).failure?.message).to.contain('holds no PEM certificate');
    const { out } = await admin.run(['explain', admin.file('peer'), 'sub/1']);
    expect(out).to.match(/^ALLOW\nbecause +because\n/);
    await admin.run(['explain', admin.file('peer'), 'gw/1']);
    expect(process.exitCode).to.equal(1);
  });

  it('says which certificate lacks which right: exit code 3', async () => {
    const { failure } = await admin.run(['sessions', 'list', '--cert', admin.file('peer')]);
    expect(failure?.exitCode).to.equal(3);
    expect(failure?.message)
      .to.match(/^the certificate "O=peer" \(SHA-256 [0-9a-f]{16}…\) lacks the right "viewer" that ListSessions needs/)
      .and.to.contain(admin.file('peer'));
  });

  it('says that the edge does not accept a certificate: exit code 3', async () => {
    const { failure } = await admin.run(['info', '--cert', admin.file('stranger')]);
    expect(failure?.message).to.contain('does not accept the certificate').and.to.contain('stranger');
    expect(failure?.exitCode).to.equal(3);
  });

  it('says what it cannot find: 4, reach: 5, or understand: 2', async () => {
    expect((await admin.run(['sessions', 'get', 'sub/none'])).failure?.exitCode).to.equal(4);
    const away = await admin.run(['info', '--server', 'localhost:1', '--timeout', '5s']);
    expect(away.failure?.message).to.contain('nothing answers at localhost:1');
    expect(away.failure?.exitCode).to.equal(5);
    const filter = await admin.run(['sessions', 'list', '--filter', 'colour = red']);
    expect(filter.failure?.message).to.match(/^--filter: character 1: no field "colour"/);
    expect(filter.failure?.exitCode).to.equal(2);
    const order = await admin.run(['sessions', 'list', '--order-by', 'bytes']);
    expect(order.failure?.message).to.match(/^--order-by: must be one of /);
    const none = await admin.run(['info', '--cert', '/none.pem']);
    expect(none.failure?.message).to.contain('/none.pem: no such file; check the path (--cert)');
    expect(
      (await admin.run(['sessions', 'kick', 'x', '--reason', 'y', '--block', 'soon'])).failure?.message,
    ).to.contain('It is not a duration such as 500ms, 30s');
  });

  it('lays a fault of a filter on the flag and the column that were typed, in the list and in the watch', async () => {
    for (const verb of ['list', 'watch']) {
      const fault = async (...flags: string[]): Promise<string | undefined> => {
        const { failure } = await admin.run(['sessions', verb, ...flags]);
        return failure?.message;
      };
      const state = 'state is one of WAITING, PAIRED';
      expect(await fault('--filter', 'role = any AND state = PAIRD')).to.equal(`--filter: character 24: ${state}`);
      expect(await fault('--state', 'paired', '--filter', 'state = x')).to.equal(`--filter: character 9: ${state}`);
      expect(await fault('--filter', 'uid = x) OR (uid = y')).to.match(/^--filter: character 8: AND, OR or the end /);
      expect(await fault('--filter', 'uid =')).to.equal('--filter: character 6: a value is expected here, not the end');
      expect(await fault('--state', 'PAIRD')).to.match(
        /--state <state>.* 'PAIRD' is invalid\. It is waiting or paired/,
      );
      expect(await fault('--meetup', 'a', '--subject', 'x'.repeat(1024))).to.equal(
        '--meetup and --subject: it is longer than 1024 characters',
      );
    }
    expect((await admin.run(['sessions', 'list', '--filter', ' ', '--state', 'PAIRED'])).failure).to.equal(undefined);
  });

  it('completes in bash', async () => {
    const { out } = await admin.run(['completion', 'bash']);
    const ask = (line: string): Promise<string[]> =>
      new Promise((resolve, reject) => {
        const words = line.split(' ');
        const array = words.map((word) => `'${word}'`).join(' ');
        const script = `${out}\nCOMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _ws_proxy; echo "\${COMPREPLY[@]}"`;
        execFile('bash', ['-c', script], (error, text) => (error ? reject(error) : resolve(text.trim().split(' '))));
      });
    expect(await ask('ws-proxy ses')).to.deep.equal(['sessions']);
    expect(await ask('ws-proxy sessions ')).to.include.members(['list', 'get', 'watch', 'kick']);
    expect(await ask('ws-proxy sessions kick --re')).to.deep.equal(['--reason', '--request-id']);
  });
});
