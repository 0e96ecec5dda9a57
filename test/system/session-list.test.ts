import { expect } from 'chai';
import { NO_INVOCATIONS } from '../../proxy/session/views/statistics.js';
import type { AdminRig } from '../support/admin.js';
import type { ControlRig, JoinedPeer } from '../support/control.js';
import { type ControlBehindEnvoy, startControlBehindEnvoy } from '../support/control-behind-envoy.js';
import type { TestEdge } from '../support/envoy.js';
import { identity } from '../support/fixtures.js';
import { type Program, runProgramWith } from '../support/program.js';
import { openTerminal } from '../support/terminal.js';

describe('the list of sessions, in real terminals and through the real Envoy', function () {
  // Envoy and commands start.
  this.timeout(60_000);
  let rig: ControlRig;
  let admin: AdminRig;
  let edge: TestEdge;
  let stage: ControlBehindEnvoy;
  before(async () => {
    stage = await startControlBehindEnvoy();
    ({ rig, edge, admin } = stage);
    troubled();
    rig.join('sub/8675309/alone', { role: 'gateway', identity: identity({ subject: 'CN=gw-13,O=Lab' }) });
  });
  after(async () => {
    await stage.stop();
  });

  const met = (): [JoinedPeer, JoinedPeer] => [
    rig.join('sub/8675309/00224dd149bb', { role: 'manager', identity: identity({ subject: 'CN=cloud-7,O=Cloud' }) }),
    rig.join('sub/8675309/00224dd149bb', { role: 'gateway', identity: identity({ subject: 'CN=gw-12,O=Lab' }) }),
  ];

  /** A session that has met anew twice, whose calls are slow and fail, and for whose gateway much waits. */
  function troubled(): void {
    for (let times = 0; times < 2; times += 1) met()[1].socket.gone('connection_lost', 1006);
    const [, { peer, socket }] = met();
    socket.backlog = 65_536;
    const calls = { inFlight: 3, completed: 900, errors: 12, answered: 888, latencyTotal: 976_800, latencyMax: 9000 };
    const split = { latencyP99: 3100, proxyTotal: 355, proxyMax: 2, peerTotal: 976_445, peerMax: 8999 };
    if (peer.session !== undefined) rig.statistics.set(peer.session, { ...NO_INVOCATIONS, ...calls, ...split });
  }

  const line = (...words: readonly string[]): readonly string[] => {
    const server = ['--server', `localhost:${edge.ports.control}`];
    return ['sessions', ...words, ...server];
  };
  const terminal = (columns: number, ...words: readonly string[]): Program => {
    const command = ['sh', '-c', `stty cols ${columns} rows 24; exec "$@"`, '-', process.execPath, 'bin/ws-proxy.js'];
    return openTerminal({ WS_PROXY_RUN_DIR: admin.folder }, ...command, ...line(...words)).program;
  };
  /** What a terminal of that width shows. */
  const shown = (columns: number, ...words: readonly string[]): Promise<readonly string[]> =>
    outputOf(terminal(columns, ...words));
  const piped = (...words: readonly string[]): Promise<readonly string[]> =>
    outputOf(runProgramWith({ WS_PROXY_RUN_DIR: admin.folder }, ...line(...words)));

  async function outputOf(program: Program): Promise<readonly string[]> {
    expect(await program.ended).to.equal(0);
    return program.lines('stdout');
  }

  it('80 columns: what matters, in whole', async () => {
    const [head, first, second, ...more] = await shown(80, 'list');
    expect(more).to.deep.equal([]);
    expect(head).to.match(/^MEETUP +STATE +AGE +CALLS +ERRORS +P99 +BACKLOG +RECONN$/);
    expect(first).to.match(/^sub\/8675309\/0022\S*4dd149bb +PAIRED +\S+ +3 +12 +3\.10s +64\.0KiB +2$/);
    expect(second).to.match(/^sub\/8675309\/alone +WAITING +\S+ +0 +0 +- +0B +0$/);
  });

  it('100 columns: who sits there, too', async () => {
    const [head, first, second] = await shown(100, 'list');
    expect(head).to.match(/ RECONN {2}PEERS$/);
    expect(first).to.match(/^sub\/8675309\/00224dd149bb .* 2 {2}cloud-7, gw-12$/);
    expect(second).to.match(/ 0 {2}gateway gw-13$/);
  });

  it('wide: the rest, however narrow the terminal', async () => {
    const rows = await shown(80, 'list', '-o', 'wide', '--filter', 'errors > 0 AND latency >= 1s');
    const text = rows.join('');
    expect(text).to.contain('manager CN=cloud-7,O=Cloud').and.to.contain('gateway CN=gw-12,O=Lab');
    expect(text)
      .to.match(/AT-PEER +IN-PROXY/)
      .and.to.match(/1\.10s +1\.10s +0\.40ms/);
    expect(text).not.to.contain('alone');
  });

  it('piped: columns with tabs, ages with their unit, and the order that was asked for', async () => {
    const rows = (await piped('list', '--order-by', 'errors desc')).map((row) => row.split('\t'));
    expect(rows[0]?.slice(0, 9)).to.deep.equal('UID MEETUP STATE AGE CALLS ERRORS P99 BACKLOG RECONN'.split(' '));
    expect(rows.slice(1).map((row) => row[1])).to.deep.equal(['sub/8675309/00224dd149bb', 'sub/8675309/alone']);
    for (const row of rows.slice(1)) expect(row[3]).to.match(/^\d+s$/);
  });

  it('watch: a table of what stays true until the next event', async () => {
    const program = terminal(80, 'watch');
    const alone = await program.line('stdout', /^sub\/8675309\/alone /);
    expect(alone).to.match(/^sub\/8675309\/alone +[0-9a-f]{8} +WAITING +\S+ +replica-1 +gateway gw-13$/);
    expect(await program.line('stdout', / UID /)).to.match(/MEETUP +UID +STATE +AGE +REPLICA +PEERS$/);
    program.type('\x03');
    await program.ended;
  });

  it('get: how the time splits into the peer’s and the proxy’s', async () => {
    const text = (await shown(80, 'get', 'sub/8675309/00224dd149bb')).join('\n');
    expect(text).to.match(/^reconnects +2 in the last hour$/m);
    expect(text).to.match(/^latency +3\.10s p99 of late, 1\.10s mean, 9\.00s most$/m);
    expect(text).to.match(/^at the peer +1\.10s mean, 9\.00s most$/m);
    expect(text).to.match(/^in the proxy +0\.40ms mean, 2\.00ms most$/m);
    const idle = (await shown(80, 'get', 'sub/8675309/alone')).join('\n');
    expect(idle).to.match(/^latency +-$/m);
  });
});
