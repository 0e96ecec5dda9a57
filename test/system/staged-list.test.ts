import { copyFileSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { type RunningEnvoy, startEnvoy } from '../../dev/envoy.js';
import { waitFor } from '../../dev/wait.js';
import { renderEdge } from '../../envoy/render.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { envoyBinary } from '../support/envoy.js';
import { type Program, runProgram } from '../support/program.js';
import { Scratch } from '../support/scratch.js';

/** Time in which a revocation must reach the handshake, milliseconds; a busy machine needs some of it. */
const PATIENCE_MS = 10_000;

// The folders are those of an installation: the operator's list lies in one, and Envoy reads the service's checked copy from another.
describe('the revocation list of an installation', function () {
  this.timeout(30_000);
  const scratch = new Scratch();
  const pki = scratch.path('pki');
  const list = scratch.path('trust/root.crl.pem');
  const staged = scratch.path('staged/root.crl.pem');
  let envoy: RunningEnvoy;
  let service: Program;

  before(async () => {
    expect(await runProgram('certs', 'dev', '--dir', pki).ended).to.equal(0);
    for (const name of ['trust', 'staged', 'log']) mkdirSync(scratch.path(name));
    for (const path of [list, staged]) copyFileSync(`${pki}/root.crl.pem`, path);
    const bootstrap = await renderEdge({
      configDir: scratch.path('envoy'),
      pathPrefix: MEETUP_PREFIX,
      address: '127.0.0.1',
      peersPort: 0,
      controlPort: 0,
      adminPort: 0,
      maxConnections: 100,
      serverCertificate: `${pki}/server.cert.pem`,
      serverKey: `${pki}/server.key.pem`,
      clientCa: `${pki}/root.cert.pem`,
      clientCrl: staged,
      serviceSocket: scratch.path('proxy.sock'),
      controlSocket: scratch.path('control.sock'),
      controlJson: false,
    });
    envoy = await startEnvoy({ binary: envoyBinary(), bootstrap, logDir: scratch.path('log'), workers: 1 });
    const own = ['--listen', `unix:${scratch.path('proxy.sock')}`, '--metrics-port', '0', '--policy', 'any-verified'];
    service = runProgram('serve', ...own, '--crl', list, '--crl-ca', `${pki}/root.cert.pem`, '--crl-stage', staged);
    await service.line('stdout', /ready/);
  });
  after(async () => {
    await service?.stop('SIGKILL');
    await envoy?.part.stop(5_000);
    scratch.remove();
  });

  /** True when Envoy's TLS lets that certificate in. */
  function isLetIn(name: string): Promise<boolean> {
    const pair = readFileSync(`${pki}/${name}.pkeycert.pem`);
    const ca = readFileSync(`${pki}/root.cert.pem`);
    return new Promise((resolve) => {
      const socket = connect({ port: envoy.ports.peers, host: 'localhost', cert: pair, key: pair, ca });
      const answer = (value: boolean): void => {
        socket.destroy();
        resolve(value);
      };
      socket.once('error', () => answer(false));
      socket.once('close', () => answer(false));
      // In TLS 1.3 a refusal comes after the handshake, so only an answer to a request shows that the certificate was let in.
      socket.once('data', () => answer(true));
      socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    });
  }

  function publish(content: () => void): void {
    content();
    renameSync(`${list}.new`, list);
  }

  it('reaches the handshake by way of the service', async () => {
    expect(await isLetIn('gateway')).to.equal(true);
    expect(await runProgram('certs', 'revoke', 'gateway', '--dir', pki).ended).to.equal(0);
    publish(() => copyFileSync(`${pki}/root.crl.pem`, `${list}.new`));
    const over = new AbortController().signal;
    await waitFor('the gateway was let in', PATIENCE_MS, over, async () => !(await isLetIn('gateway')) || undefined);
    expect(await isLetIn('manager'), 'others are let in').to.equal(true);
  });

  it('does not reach it when it is broken', async () => {
    const before = readFileSync(staged, 'utf8');
    publish(() => scratch.write('trust/root.crl.pem.new', 'no list\n'));
    await service.line('stdout', /"level":"error".*root\.crl\.pem/);
    expect(readFileSync(staged, 'utf8')).to.equal(before);
    expect(await isLetIn('manager')).to.equal(true);
  });
});
