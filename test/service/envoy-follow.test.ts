import { cpSync, existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { makeDevelopmentPki } from '../../certs/development.js';
import { waitFor } from '../../dev/wait.js';
import { type NameRecord, startNameServer, type TestNameServer } from '../support/name-server.js';
import { type Program, runProgram } from '../support/program.js';
import { Scratch } from '../support/scratch.js';

const SERVICE = 'ws-proxy-replicas.ws-proxy.svc.cluster.local';
const WAIT_MS = 20_000;

describe('ws-proxy envoy follow', () => {
  let scratch: Scratch;
  let names: TestNameServer;
  let dir = '';
  let running: Program | undefined;

  beforeEach(async () => {
    scratch = new Scratch();
    names = await startNameServer();
    dir = scratch.path('envoy');
    const files = ['--server-cert', 'tls/a.pem', '--server-key', 'tls/a.key', '--client-ca', 'ca.pem'];
    expect(await runProgram('envoy', 'render', '--dir', dir, '--fleet', ...files).ended).to.equal(0);
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await names.close();
    scratch.remove();
  });

  /** Has the name server know these pods, by their address. */
  function know(pods: Readonly<Record<string, string>>): void {
    names.records.clear();
    const ports = { peers: 7440, health: 9464, control: 7443 };
    for (const [name, port] of Object.entries(ports)) {
      const told = Object.keys(pods).map((pod): NameRecord => ({ t: 'SRV', target: `${pod}.${SERVICE}`, port }));
      names.records.set(`_${name}._tcp.${SERVICE}`, told);
    }
    for (const [pod, address] of Object.entries(pods)) names.records.set(`${pod}.${SERVICE}`, [{ t: 'A', address }]);
  }

  function follow(...flags: string[]): Program {
    running = runProgram(
      'envoy',
      'follow',
      '--dir',
      dir,
      '--srv',
      SERVICE,
      '--dns',
      names.address,
      '--every',
      '100ms',
      ...flags,
    );
    return running;
  }

  function listed(): string {
    return readFileSync(`${dir}/eds/rendezvous.yaml`, 'utf8');
  }

  it('puts the pods of a headless Service on the list, by names that they keep, and takes up what changes', async () => {
    know({ 'ws-proxy-1': '127.0.0.3', 'ws-proxy-0': '127.0.0.2' });
    const program = follow();
    expect(await program.line('stdout', /^replicas: /)).to.equal(
      'replicas: ws-proxy-0=127.0.0.2:7440,health=127.0.0.2:9464,control=127.0.0.2:7443 ' +
        'ws-proxy-1=127.0.0.3:7440,health=127.0.0.3:9464,control=127.0.0.3:7443',
    );
    expect(listed()).to.include('127.0.0.2').and.to.include('hash_key: ws-proxy-1');
    know({ 'ws-proxy-0': '127.0.0.4' });
    await program.line('stdout', /^replicas: ws-proxy-0=127\.0\.0\.4:7440\S*$/);
    expect(listed()).not.to.include('ws-proxy-1');
    expect(await program.stop()).to.equal(0);
  });

  it('leaves the list as it is while the name servers fail, or know nobody, and says so once', async () => {
    know({ 'ws-proxy-0': '127.0.0.2' });
    const program = follow();
    await program.line('stdout', /^replicas: ws-proxy-0/);
    names.failing = true;
    await program.line('stdout', /the name servers do not answer \(ESERVFAIL\); the list of replicas stays as it is$/);
    names.failing = false;
    names.records.clear();
    await program.line('stdout', /the name servers know no pod below it; the list of replicas stays as it is$/);
    expect(listed()).to.include('ws-proxy-0');
    know({ 'ws-proxy-0': '127.0.0.2', 'ws-proxy-1': '127.0.0.2' });
    await program.line('stdout', /are both at 127\.0\.0\.2:7440; the list of replicas stays as it is$/);
    expect(listed()).not.to.include('ws-proxy-1');
    know({ 'ws-proxy-0': '127.0.0.2', 'ws-proxy-1': '127.0.0.3' });
    await program.line('stdout', /^replicas: ws-proxy-0\S+ ws-proxy-1/);
  });

  it('hands Envoy each revocation list that passes the checks of serve, and no other', async () => {
    const pki = scratch.path('pki');
    await makeDevelopmentPki(pki);
    const [list, staged] = [scratch.path('root.crl.pem'), scratch.path('staged.crl.pem')];
    cpSync(`${pki}/root.crl.pem`, list);
    know({ 'ws-proxy-0': '127.0.0.2' });
    const program = follow('--crl', list, '--crl-ca', `${pki}/root.cert.pem`, '--crl-stage', staged);
    const isStaged = async () => (existsSync(staged) ? true : undefined);
    await waitFor('the list was not staged', WAIT_MS, AbortSignal.timeout(WAIT_MS), isStaged);
    const good = readFileSync(staged, 'utf8');
    scratch.replace('root.crl.pem', good.slice(0, good.length / 2));
    await program.line('stderr', /^warning: .*not a revocation list that can be used/);
    expect(readFileSync(staged, 'utf8')).to.equal(good);
  });

  for (const [flags, why] of [
    [['--crl', 'a'], /^error: --crl, --crl-ca and --crl-stage are given together/],
    [['--dns', 'name:53'], /Give IP:PORT/],
  ] as const) {
    it(`refuses ${flags.join(' ')}`, async () => {
      const program = follow(...flags);
      await program.line('stderr', why);
      expect(await program.ended).not.to.equal(0);
    });
  }

  it('refuses a folder that was rendered for one service alone', async () => {
    dir = scratch.path('none');
    const program = follow();
    await program.line('stderr', /^error: .*none is not there: name the folder of envoy render/);
    expect(await program.ended).to.equal(2);
  });
});
