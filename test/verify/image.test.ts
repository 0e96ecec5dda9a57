import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { follow, type Program, runProgram } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { makeStandIn } from '../support/stand-in.js';
import { needs, tell } from '../support/tools.js';
import { clone } from '../support/yaml-files.js';

/** Two sets of npm packages are installed over the network. */
const BUILD_MS = 15 * 60_000;
const base = 'localhost/stand-in';
const image = 'localhost/ws-proxy';

describe('the image', () => {
  needs('buildah');
  const scratch = new Scratch();
  const store = ['--root', scratch.path('store'), '--runroot', scratch.path('run'), '--storage-driver', 'vfs'];
  let service: Program | undefined;
  let container = '';

  /** Runs buildah and gives its last line. */
  async function buildah(...args: string[]): Promise<string> {
    const { code, output } = await tell('buildah', [...store, ...args], { cwd: clone });
    expect(code, `buildah ${args[0]}\n${output}`).to.equal(0);
    return output.trimEnd().split('\n').at(-1) ?? '';
  }

  after(async function () {
    this.timeout(60_000);
    await service?.stop('SIGKILL');
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
    const look =
      'cat /proc/self/status; ls -d /app/dist/test /app/dist/dev /usr/local/lib/node_modules /app/node_modules/mocha';
    const { output } = await tell('buildah', [
      ...store,
      'run',
      '--isolation',
      'chroot',
      container,
      '--',
      'sh',
      '-c',
      look,
    ]);
    expect(output).to.match(/^Uid:\t10001\t10001\t10001\t10001$/m);
    expect(output.match(/No such file/g)).to.have.length(4);
  });

  it('has a service that gets ready, and a health check that says so', async function () {
    this.timeout(60_000);
    const pki = scratch.path('pki');
    expect(await runProgram('certs', 'init', '--dir', pki).ended).to.equal(0);
    mkdirSync(scratch.path('trust'), { mode: 0o755 });
    const trust = scratch.path('trust');
    expect((await tell('cp', [join(pki, 'root.cert.pem'), join(pki, 'root.crl.pem'), trust])).code).to.equal(0);
    const mounts = [`${trust}:/etc/ws-proxy/trust:ro`, `${clone}deploy/compose:/etc/ws-proxy/policy:ro`];
    const run = [...store, 'run', '--isolation', 'chroot', ...mounts.flatMap((mount) => ['--volume', mount])];
    const start = [...run, '--env', 'WS_PROXY_METRICS_PORT=0', container, '--', 'ws-proxy', 'serve'];
    service = follow(spawn('buildah', start, { stdio: 'pipe' }));
    const port = /"metrics_port":(\d+)/.exec(await service.line('stdout', /"ready"/))?.[1];
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).to.equal(200);
    const check = [...run, '--env', `WS_PROXY_METRICS_PORT=${port}`, container, '--', 'ws-proxy', 'healthcheck'];
    const { code, output } = await tell('buildah', check);
    expect(code, output).to.equal(0);
  });
});
