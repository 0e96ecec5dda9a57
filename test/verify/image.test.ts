import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { settlePorts } from '../../dev/ports.js';
import { startNats, type TestNats } from '../support/nats.js';
import { follow, type Program } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { ROOT } from '../support/sources.js';
import { makeStandIn } from '../support/stand-in.js';
import { needs, tell } from '../support/tools.js';

/** Two sets of npm packages are installed over the network. */
const BUILD_MS = 15 * 60_000;
/** The image's user and group. */
const USER = 10_001;
const base = 'localhost/stand-in';
const image = 'localhost/ws-proxy';

describe('the image', () => {
  needs('buildah');
  const scratch = new Scratch();
  const store = ['--root', scratch.path('store'), '--runroot', scratch.path('run'), '--storage-driver', 'vfs'];
  let service: Program | undefined;
  let nats: TestNats | undefined;
  /** Process group of the service, which is signalled directly since buildah passes no signal on. */
  let group: number | undefined;
  let container = '';

  /** Runs buildah and gives its last line. */
  async function buildah(...args: string[]): Promise<string> {
    const { code, output } = await tell('buildah', [...store, ...args], { cwd: ROOT });
    expect(code, `buildah ${args[0]}\n${output}`).to.equal(0);
    return output.trimEnd().split('\n').at(-1) ?? '';
  }

  after(async function () {
    this.timeout(60_000);
    if (group !== undefined) process.kill(-group, 'SIGKILL');
    await service?.ended;
    await nats?.remove();
    if (container !== '') await tell('buildah', [...store, 'rm', '--all']);
    scratch.remove();
  });

  it('is built from the Dockerfile, on a stand-in for its base', async function () {
    this.timeout(BUILD_MS);
    await makeStandIn(scratch.path('base'));
    chmodSync(scratch.path('base/tmp'), 0o1777);
    const made = await buildah('from', 'scratch');
    await buildah('copy', '--quiet', made, scratch.path('base'), '/');
    const authorities = 'NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt';
    await buildah('config', '--env', 'PATH=/usr/local/bin:/usr/bin:/bin', '--env', authorities, made);
    await buildah('commit', '--quiet', '--rm', made, base);
    const npmrc = join(homedir(), '.npmrc');
    const secret = existsSync(npmrc) ? ['--secret', `id=npmrc,src=${npmrc}`] : [];
    const how = ['--isolation', 'chroot', '--format', 'docker', '--build-arg', `NODE_IMAGE=${base}`, ...secret];
    await buildah('build', ...how, '--file', 'deploy/Dockerfile', '--tag', image, '.');
  });

  it('runs as nobody special, and carries no npm and no tests', async () => {
    container = await buildah('from', image);
    const none = ['/app/dist/test', '/app/dist/dev', '/usr/local/lib/node_modules', '/app/node_modules/mocha'];
    // By the exit code: of what a process prints that ends at once, buildah may lose a part.
    const look = [
      `for path in ${none.join(' ')}; do ! test -e "$path" || exit 9; done`,
      'while read -r key id _; do test "$key $id" != "Uid: 10001" || exit 0; done < /proc/self/status',
      'exit 8',
    ].join('; ');
    const run = ['run', '--isolation', 'chroot', container, '--', 'sh', '-c', look];
    const { code, output } = await tell('buildah', [...store, ...run]);
    expect(code, output).to.equal(0);
  });

  /** The volumes of docker-compose.yml, by where they are mounted. */
  const volumes = {
    'var/lib/ws-proxy': 'pki',
    'etc/ws-proxy/tls': 'tls',
    'etc/ws-proxy/trust': 'trust',
    'run/ws-proxy': 'shared',
  };

  /** `buildah run` with the volumes and files of docker-compose.yml. */
  function inside(...args: string[]): string[] {
    const own = Object.entries(volumes).map(([target, name]) => `${scratch.path(name)}:/${target}`);
    const files = [
      'init.sh:/init.sh:ro',
      'replica.sh:/replica.sh:ro',
      'policy.yaml:/etc/ws-proxy/policy/policy.yaml:ro',
    ];
    const mounts = [...own, ...files.map((file) => `${ROOT}deploy/compose/${file}`)];
    return [...store, 'run', '--isolation', 'chroot', ...mounts.flatMap((mount) => ['--volume', mount]), ...args];
  }

  it('has all that the init service of docker-compose.yml does', async () => {
    for (const name of Object.values(volumes)) {
      mkdirSync(scratch.path(name), { mode: 0o700 });
      chownSync(scratch.path(name), USER, USER);
    }
    mkdirSync(scratch.path('shared/trust'));
    chownSync(scratch.path('shared/trust'), USER, USER);
    const init = await tell('buildah', inside(container, '--', 'sh', '/init.sh'));
    expect(init.code, init.output).to.equal(0);
    for (const path of [
      'tls/server.key.pem',
      'trust/root.cert.pem',
      'shared/trust/root.crl.pem',
      'shared/envoy/envoy.yaml',
    ]) {
      expect(existsSync(scratch.path(path)), path).to.equal(true);
    }
    expect(existsSync(scratch.path('trust/root.key.pem')), 'the key of the root stays in the one volume').to.equal(
      false,
    );
    const before = readFileSync(scratch.path('trust/root.crl.pem'), 'utf8');
    const revoke = await tell('buildah', inside(container, '--', 'sh', '/init.sh', 'revoke', 'gateway'));
    expect(revoke.code, revoke.output).to.equal(0);
    expect(readFileSync(scratch.path('trust/root.crl.pem'), 'utf8')).not.to.equal(before);
  });

  /** Starts the service in a container; gives the port of its probes. */
  async function start(...args: string[]): Promise<string | undefined> {
    const child = spawn('buildah', inside(...args), { stdio: 'pipe', detached: true });
    group = child.pid;
    service = follow(child);
    void service.ended.then(() => {
      group = undefined;
    });
    return /"metrics_port":(\d+)/.exec(await service.line('stdout', /"ready"/))?.[1];
  }

  async function stop(): Promise<void> {
    if (group !== undefined) process.kill(-group, 'SIGTERM');
    await service?.ended;
    group = undefined;
  }

  it('has a service that gets ready, and a health check that says so', async function () {
    this.timeout(60_000);
    const port = await start('--env', 'WS_PROXY_METRICS_PORT=0', container, '--', 'ws-proxy', 'serve');
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).to.equal(200);
    const check = inside('--env', `WS_PROXY_METRICS_PORT=${port}`, container, '--', 'ws-proxy', 'healthcheck');
    const { code, output } = await tell('buildah', check);
    expect(code, output).to.equal(0);
  });

  it('has a service that ends by itself when it is told to', async function () {
    this.timeout(60_000);
    if (group === undefined) return this.skip();
    await stop();
  });

  it('has all that a replica of docker-compose.fleet.yml needs, which puts itself on the list of Envoy', async function () {
    this.timeout(120_000);
    const flags = ['--env', 'EDGE_FLAGS=--fleet'];
    const init = await tell('buildah', inside(...flags, container, '--', 'sh', '/init.sh'));
    expect(init.code, init.output).to.equal(0);
    const { metrics } = await settlePorts({ peers: 0, control: 0, metrics: 0, admin: 0 });
    nats = await startNats();
    // Its own name means nothing to a container that has the network of this machine.
    const variables = { WS_PROXY_NATS: nats.url, WS_PROXY_METRICS_PORT: String(metrics), ADDRESS: '127.0.0.1' };
    const env = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const port = await start(...env, container, '--', 'sh', '/replica.sh');
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).to.equal(200);
    const list = readFileSync(scratch.path('shared/envoy/eds/rendezvous.yaml'), 'utf8');
    expect(list).to.include('/run/ws-proxy/1/proxy.sock').and.to.include(`port_value: ${metrics}`);
    await stop();
  });
});
