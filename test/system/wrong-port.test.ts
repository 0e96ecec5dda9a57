import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import type { AdminRig } from '../support/admin.js';
import { subject } from '../support/certificate-names.js';
import { type ControlBehindEnvoy, startControlBehindEnvoy } from '../support/control-behind-envoy.js';
import type { TestEdge } from '../support/envoy.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';

/** Longer than what the kernel of either side takes at once. */
const LARGE_BODY = 4 * 1024 * 1024;

/** Envoy holds 64 of them for each listener. */
const MORE_THAN_STAY = 80;

describe('edge: what comes to the wrong port', function () {
  // Envoy starts.
  this.timeout(30_000);
  let edge: TestEdge;
  let admin: AdminRig;
  let credential: IssuedCertificate;
  let stage: ControlBehindEnvoy;
  before(async () => {
    stage = await startControlBehindEnvoy();
    ({ edge, admin } = stage);
    credential = edge.authority.issue({ subject: subject(['O', 'Acme']) });
  });
  after(async () => {
    await stage.stop();
  });

  const sent = (port: number, path: string, upgrade: boolean) =>
    sendRaw({ port, ca: edge.authority.certificate, credential, path, upgrade });

  it('a control command at the peers’ port is told which kind of port that is', async () => {
    for (const line of [['sessions', 'list'], ['sessions', 'watch'], ['tap', 'x'], ['info']]) {
      const { failure } = await admin.run([...line, '--server', `localhost:${edge.ports.peers}`]);
      expect(failure?.message, line.join(' ')).to.match(/^what listens at \S+ speaks TLS without HTTP\/2/);
      expect(failure?.exitCode).to.equal(5);
    }
  });

  it('a control command at a port without TLS is told so', async () => {
    const { failure } = await admin.run(['info', '--server', `localhost:${edge.ports.admin}`]);
    expect(failure?.message).to.match(/^what listens at \S+ speaks no TLS: it is not the control port\n/);
  });

  it('the JSON form at the peers’ port is told where the control API is', async () => {
    const { status, body } = await sent(edge.ports.peers, '/v1/sessions', false);
    expect(status).to.equal(404);
    expect(JSON.parse(body).error).to.include({ reason: 'not_found', retry: 'never' });
    expect(JSON.parse(body).error.message).to.match(/meetups are below \S+; the control API is on another port$/);
  });

  it('a peer at the control port is told so in its own form', async () => {
    const { status, headers, body } = await sent(edge.ports.control, `${MEETUP_PREFIX}a`, true);
    expect([status, headers.get('content-type')]).to.deep.equal([404, 'application/json']);
    expect(JSON.parse(body).error).to.include({ reason: 'not_found', retry: 'never' });
    expect(JSON.parse(body).error.message).to.contain('this is the control port; peers meet on another');
  });

  for (const [listener, by] of [
    ['peers', 'wss://'],
    ['control', 'https://'],
  ] as const) {
    it(`HTTP without TLS at the port for ${listener} is told by what to connect`, async () => {
      const answer = await fetch(`http://localhost:${edge.ports[listener]}${MEETUP_PREFIX}a`);
      expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([400, 'application/json']);
      expect(await answer.text()).to.contain(`this port speaks TLS alone: connect by ${by}`);
    });

    it(`a long request without TLS at the port for ${listener} does not cost it its answer`, async () => {
      const socket = connect(edge.ports[listener], '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${LARGE_BODY}\r\n\r\n`);
      const [head] = (await once(socket, 'data')) as [Buffer];
      socket.end(Buffer.alloc(LARGE_BODY));
      expect(head.toString()).to.match(/^HTTP\/1\.1 400 /);
      socket.destroy();
    });

    it(`those without TLS who stay at the port for ${listener} keep out nobody who has it`, async () => {
      const staying = await Promise.all(
        Array.from({ length: MORE_THAN_STAY }, async () => {
          const socket = connect({ port: edge.ports[listener], host: '127.0.0.1', allowHalfOpen: true });
          socket.on('error', () => {});
          socket.write('hello\r\n');
          socket.resume();
          // Answered, or one too many.
          await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
          return socket;
        }),
      );
      const { status } = await sent(edge.ports[listener], '/elsewhere', false);
      expect(status).to.equal(404);
      for (const socket of staying) socket.destroy();
    });
  }
});
