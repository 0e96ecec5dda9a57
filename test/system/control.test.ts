import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { expect } from 'chai';
import { AdminRig } from '../support/admin.js';
import { ControlRig } from '../support/control.js';
import { startEdge, type TestEdge } from '../support/envoy.js';

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

describe('the control API as JSON through the real Envoy', function () {
  // Envoy starts.
  this.timeout(30_000);
  let rig: ControlRig;
  let edge: TestEdge;
  let admin: AdminRig;
  before(async () => {
    rig = await ControlRig.start();
    const settings = { controlSocket: rig.socketPath };
    edge = await startEdge({ serviceSocket: rig.socketPath, settings });
    admin = await AdminRig.make(edge);
  });
  after(async () => {
    await admin.remove();
    await edge.stop();
    await rig.stop();
  });

  const call = async (method: string, path: string, operator: string, body?: object): Promise<Answer> => {
    const pem = await readFile(admin.file(operator));
    const ca = await readFile(join(admin.folder, 'certs', 'root.cert.pem'));
    return new Promise((resolve, reject) => {
      const options = { host: 'localhost', port: edge.ports.control, path, method, ca, cert: pem, key: pem };
      const headers = { 'content-type': 'application/json' };
      const asked = request({ ...options, headers, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, body: text }));
      });
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  };

  it('lists, gets and kicks', async () => {
    const [one] = rig.pair('sub/1');
    const listed = await call('GET', '/v1/sessions?pageSize=10&filter=state%20%3D%20PAIRED', 'viewer');
    expect(listed.status).to.equal(200);
    const { sessions, totalSize } = JSON.parse(listed.body);
    expect([totalSize, sessions[0].meetupId]).to.deep.equal([1, 'sub/1']);
    const got = await call('GET', `/v1/${sessions[0].name}`, 'viewer');
    expect(JSON.parse(got.body).session.uid).to.equal(one.peer.session?.uid);
    const kicked = await call('POST', `/v1/${sessions[0].name}:kick`, 'operator', {
      reason: 'x',
      blockDuration: '60s',
    });
    expect(JSON.parse(kicked.body).session.ending.label).to.equal('kicked');
    expect(one.socket.closedWith?.code).to.equal(4410);
    const blocks = JSON.parse((await call('GET', '/v1/blocks', 'viewer')).body);
    expect(blocks.totalSize).to.equal(2);
    const lifted = await call('DELETE', `/v1/${blocks.blocks[0].name}`, 'operator');
    expect(lifted.status).to.equal(200);
  });

  it('answers every other call by its path', async () => {
    for (const [path, operator, body] of [
      ['/v1/info', 'viewer', undefined],
      ['/v1/drain', 'viewer', undefined],
      ['/v1/policy:reload', 'admin', {}],
      ['/v1/log:setLevel', 'admin', { level: 'debug' }],
    ] as const) {
      const { status } = await call(body === undefined ? 'GET' : 'POST', path, operator, body);
      expect(status, path).to.equal(200);
    }
    const certificate = await readFile(admin.file('viewer'), 'utf8');
    const pem = certificate.slice(certificate.indexOf('-----BEGIN CERTIFICATE'));
    const asked = { certificatePem: pem, meetupId: 'gw/1' };
    const explained = await call('POST', '/v1/access:explain', 'viewer', asked);
    expect(JSON.parse(explained.body)).to.include({ allowed: false, certificateSubject: 'O=viewer' });
  });

  it('tells failures as google.rpc.Status', async () => {
    const denied = await call('GET', '/v1/sessions', 'peer');
    expect(denied.status).to.equal(403);
    const status = JSON.parse(denied.body);
    expect(status).to.include({ code: 7 });
    expect(status.details[0]).to.deep.include({
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'RIGHT_MISSING',
      domain: 'wsproxy.micronets',
    });
    expect((await call('GET', '/v1/sessions/none', 'viewer')).status).to.equal(404);
    expect((await call('GET', '/v1/sessions?filter=nonsense', 'viewer')).status).to.equal(400);
  });

  it('takes no connection without a certificate of the CA', async () => {
    const error = await call('GET', '/v1/sessions', 'stranger').then(
      () => undefined,
      (failed: Error) => failed,
    );
    expect(error?.message).to.match(/alert|reset|hang up/);
  });
});
