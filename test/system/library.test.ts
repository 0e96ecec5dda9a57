import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { expect } from 'chai';
import { documentedPolicy } from '../support/documented-policy.js';
import { shellOf } from '../support/documents.js';
import { onlyFrom, packedLibraries, programsIn, StrangersProject } from '../support/installed-library.js';
import { PackageRegistry } from '../support/package-registry.js';
import { follow, type Program, runProgram } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { textOf } from '../support/sources.js';
import { useStack } from '../support/stack.js';

/** Bytes of all that a peer installs. */
const MAX_PEER_BYTES = 2_000_000;
const MEETUP = 'sub/7/gateway';

/** Prints what a package exports, whether its import left something behind (a global name, a listener), and why one of its files cannot be imported. */
const IMPORTED = `
const seen = () => [Object.getOwnPropertyNames(globalThis), process.eventNames()].join();
const before = seen();
const names = Object.keys(await import(process.argv[1]));
const left = seen() === before ? 'nothing' : seen();
const inside = await import(process.argv[2]).then(() => 'open', ({ code }) => code);
console.log(JSON.stringify({ names: names.sort().join(' '), left, inside }));
`;

/** A control client that tells of sessions on two replicas, of which one is lost. */
const LOSING = `
export class ControlFailure extends Error {}
const event = (type, session, replica = '') => ({ kind: 'event', event: { type: 'SESSION_EVENT_TYPE_' + type, session, replica } });
const session = (uid, replica) => ({ uid, meetup_id: 'sub/' + uid, replica });
export class ControlClient {
  async getServerInfo() { return {}; }
  async *sessions() {}
  async *watchSessions() {
    yield event('ADDED', session('z', 'r2'));
    yield { kind: 'started_over' };
    for (const [uid, replica] of [['a', 'r1'], ['b', 'r1'], ['c', 'r2'], ['d', 'r2']]) yield event('ADDED', session(uid, replica));
    yield event('REPLICA_LOST', null, 'r1');
    yield event('REMOVED', session('d', 'r2'));
    yield event('SNAPSHOT_DONE', null);
  }
  async getSession() { throw new ControlFailure('none'); }
  close() {}
}
`;

describe('the libraries, packed and installed elsewhere', function () {
  // npm installs, and Envoy starts.
  this.timeout(180_000);
  const scratch = new Scratch();
  let archives: readonly string[] = [];
  let peer: StrangersProject;
  let control: StrangersProject;
  let programs: Program[] = [];
  const stack = useStack((own) => ({
    control: true,
    flags: { policy: own.write('policy.yaml', documentedPolicy()) },
  }));

  before(async () => {
    archives = await packedLibraries(scratch.directory);
    const archiveOf = (name: string): string => archives.find((path) => path.includes(name)) ?? '';
    peer = await StrangersProject.make(scratch.path('peer'), archiveOf('ws-proxy-peer'));
    control = await StrangersProject.make(scratch.path('control'), archiveOf('ws-proxy-control'));
    scratch.write('root.cert.pem', stack().ca);
    for (const [name, { key, certificate }] of Object.entries({
      gateway: stack().gateway('gateway'),
      manager: stack().issue('manager'),
      admin: stack().issue('admin'),
    })) {
      scratch.write(`${name}.pkeycert.pem`, key + certificate);
    }
  });
  afterEach(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
    programs = [];
  });
  after(() => scratch.remove());

  const url = (): string => `wss://localhost:${stack().port}${stack().prefix}${MEETUP}`;
  const start = (project: StrangersProject, ...args: readonly string[]): Program => {
    const program = project.start(...args);
    programs.push(program);
    return program;
  };

  it('a peer brings ws along and nothing else, under 2 MB in all', () => {
    expect(peer.packages.sort()).to.deep.equal(['@micronets/ws-proxy-peer', 'ws']);
    expect(peer.bytes).to.be.lessThan(MAX_PEER_BYTES);
  });

  it('the programs of its README compile strictly; a gateway and a manager meet, call and tell', async () => {
    const programs = programsIn('library/peer/README.md');
    expect(Object.keys(programs).sort()).to.deep.equal(['gateway.ts', 'http.ts', 'manager.ts']);
    await peer.compile(programs);
    const gateway = start(peer, 'gateway.js', url(), scratch.directory);
    await gateway.line('stdout', /^waiting$/);
    const manager = start(peer, 'manager.js', url(), scratch.directory);
    expect(await manager.line('stdout', /^200 /)).to.equal("200 { method: 'GET', path: '/v1/leases' }");
    expect(await manager.line('stdout', /^DHCP/)).to.equal('DHCP:leaseAcquired {"to":"example-manager"}');
    expect(await manager.ended).to.equal(0);
    // The gateway comes back by itself.
    const again = start(peer, 'manager.js', url(), scratch.directory);
    await again.line('stdout', /^200 /);
    expect(await gateway.stop()).to.equal(0);
  });

  it('a bridge and a gateway carry HTTP, and end when they are told to', async () => {
    const api = createServer((request, response) => response.end(`the API was asked for ${request.url}`));
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const { port } = api.address() as AddressInfo;
    const both = start(peer, 'http.js', url(), scratch.directory, `http://127.0.0.1:${port}`);
    await both.line('stdout', /^200 the API was asked for \/v1\/leases\?all$/);
    expect(await both.ended).to.equal(0);
    api.close();
  });

  it('README: its commands install the library beside the clone, and its program asks through the gateway of the quick start', async () => {
    const [install = '', launch = ''] = shellOf('README.md', 'Use it as a library');
    const [, program = ''] = /^```js\n\/\/ first\.mjs\n(.*?)^```$/ms.exec(textOf('README.md')) ?? [];
    const [, meetup = ''] = /'wss:\/\/localhost:5050\/micronets\/v1\/ws-proxy\/([^']+)'/.exec(program) ?? [];
    const place = `wss://localhost:${stack().port}${stack().prefix}${meetup}`;
    // What a clone has: the archives, and the certificates of its run.
    for (const folder of ['release', '.run/certs']) mkdirSync(scratch.path(`clone/${folder}`), { recursive: true });
    for (const archive of archives) copyFileSync(archive, scratch.path(`clone/release/${basename(archive)}`));
    for (const name of ['manager.pkeycert.pem', 'root.cert.pem']) {
      copyFileSync(scratch.path(name), scratch.path(`clone/.run/certs/${name}`));
    }
    const { key, certificate } = stack().gateway(basename(meetup));
    const cert = scratch.write('other.pkeycert.pem', key + certificate);
    const api = createServer((request, response) => response.end(textOf(`.${request.url}`)));
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const upstream = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const ca = scratch.path('root.cert.pem');
    programs.push(runProgram('peer', 'gateway', '--url', place, '--cert', cert, '--ca', ca, '--upstream', upstream));
    const registry = await PackageRegistry.start();
    const env = onlyFrom(registry, scratch.path('cache'));
    const typed = [
      install.replace('npm run libraries:pack\n', ''),
      `cat >first.mjs <<'END'\n${program.replace(/wss:\/\/[^']+/, place)}END\n`,
      launch,
      'cd "$clone" && ls -A\n',
    ];
    const shell = follow(
      spawn('sh', ['-e', '-c', typed.join('')], { cwd: scratch.path('clone'), env, stdio: ['pipe', 'pipe', 'pipe'] }),
    );
    programs.push(shell);
    expect(await shell.line('stdout', /^200 /)).to.equal('200 # ws-proxy');
    expect(await shell.ended).to.equal(0);
    // The clone is as it was.
    expect(shell.lines('stdout').slice(-2)).to.deep.equal(['.run', 'release']);
    registry.stop();
    api.close();
  });

  it('the program of the control client’s README compiles strictly, lists, watches, and is told what is wrong', async () => {
    const pair = await stack().pair(MEETUP, stack().gateway('gateway'), stack().issue('manager'));
    await control.compile(programsIn('library/control/README.md'));
    const operator = start(control, 'operator.js', `localhost:${stack().edge.ports.control}`, scratch.directory);
    await operator.line('stdout', /^version \d/);
    await operator.line('stdout', / sub\/7\/gateway SESSION_STATE_PAIRED$/);
    await operator.line('stdout', /^\[ 'sub\/7\/gateway' \]$/);
    await operator.line('stdout', /^NOT_FOUND SESSION_NOT_FOUND$/);
    expect(await operator.ended).to.equal(0);
    expect(pair).to.have.length(2);
  });

  it('the program of the control client’s README forgets the sessions of a replica that is lost, and all where it starts over', async () => {
    await control.compile(programsIn('library/control/README.md'));
    const name = 'fleet/node_modules/@micronets/ws-proxy-control';
    mkdirSync(scratch.path(name), { recursive: true });
    scratch.write(`${name}/package.json`, JSON.stringify({ type: 'module', exports: './client.js' }));
    scratch.write(`${name}/client.js`, LOSING);
    const program = 'fleet/operator.mjs';
    copyFileSync(scratch.path('control/operator.js'), scratch.path(program));
    const operator = start(control, scratch.path(program));
    expect(await operator.line('stdout', /^\[/)).to.equal("[ 'sub/c' ]");
    expect(await operator.ended).to.equal(0);
  });

  it('export what they document and nothing else, and importing them does nothing', async () => {
    const names = {
      peer: 'CredentialsError HttpProxyError RequestFailure bytesOf connect defaultLimits errorResponse jsonBody jsonOf noBody startBridge startGateway startManyBridge',
      control: 'ControlClient ControlFailure',
    };
    for (const [project, library] of [
      [peer, 'peer'],
      [control, 'control'],
    ] as const) {
      const name = `@micronets/ws-proxy-${library}`;
      const inside = `${name}/dist/library/${library}/public.js`;
      const program = start(project, '--input-type=module', '-e', IMPORTED, name, inside);
      const told = JSON.parse(await program.line('stdout', /./));
      expect(told).to.deep.equal({ names: names[library], left: 'nothing', inside: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
      expect(await program.ended).to.equal(0);
    }
  });
});
