import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { AdminRig } from '../support/admin.js';
import type { ControlRig } from '../support/control.js';
import { type ControlBehindEnvoy, startControlBehindEnvoy } from '../support/control-behind-envoy.js';
import type { TestEdge } from '../support/envoy.js';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('the control API as JSON through the real Envoy', function () {
  // Envoy starts.
  this.timeout(30_000);
  let rig: ControlRig;
  let edge: TestEdge;
  let admin: AdminRig;
  let stage: ControlBehindEnvoy;
  before(async () => {
    stage = await startControlBehindEnvoy();
    ({ rig, edge, admin } = stage);
  });
  afterEach(() => {
    for (const peer of rig.present.peers) peer.end('kicked', 'end of test');
    for (const { uid } of rig.blocks.list(Date.now())) rig.blocks.remove(uid, Date.now());
  });
  after(async () => {
    await stage.stop();
  });

  const call = async (method: string, path: string, operator: string, body?: object): Promise<Answer> => {
    const pem = await readFile(admin.file(operator));
    const ca = await readFile(join(admin.folder, 'certs', 'root.cert.pem'));
    return new Promise((resolve, reject) => {
      const options = { host: 'localhost', port: edge.ports.control, path, method, ca, cert: pem, key: pem };
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const asked = request({ ...options, headers, agent: false }, (response) => {
        let told = '';
        response.on('data', (chunk) => {
          told += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: told }));
      });
      asked.on('error', reject);
      asked.end(text);
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

  for (const [method, path, body, field] of [
    ['GET', '/v1/sessions?pagesize=1', undefined, 'pagesize'],
    ['GET', '/v1/sessions/none?Name=x', undefined, 'Name'],
    ['GET', '/v1/sessions:watch?filtr=x', undefined, 'filtr'],
    ['POST', '/v1/sessions/UID:kick', { reason: 'x', peerUID: 'none' }, 'peerUID'],
    ['POST', '/v1/sessions/UID:kick', { reason: 'x', blockduration: '60s' }, 'blockduration'],
    ['GET', '/v1/sessions/UID:tap?includebodies=true', undefined, 'includebodies'],
    ['POST', '/v1/blocks', { meetupId: 'sub/1', duration: '60s', reason: 'x', finger_print: 'y' }, 'finger_print'],
    ['DELETE', '/v1/blocks/none?names=x', undefined, 'names'],
    ['GET', '/v1/blocks?pageSise=1', undefined, 'pageSise'],
    ['POST', '/v1/drain', { replca: 'other' }, 'replca'],
    ['GET', '/v1/drain?replca=x', undefined, 'replca'],
    ['GET', '/v1/drain:watch?replca=x', undefined, 'replca'],
    ['GET', '/v1/info?x=y', undefined, 'x'],
    ['POST', '/v1/access:explain', { certificatePEM: 'x' }, 'certificatePEM'],
    ['POST', '/v1/policy:reload', { force: true }, 'force'],
    ['POST', '/v1/log:setLevel', { Level: 'trace' }, 'Level'],
  ] as const) {
    it(`${method} ${path} ${JSON.stringify(body) ?? ''} is refused by its field, and nothing is done`, async () => {
      const [one] = rig.pair('sub/1');
      const { level } = rig;
      const answer = await call(method, path.replace('UID', one.peer.session?.uid ?? ''), 'admin', body);
      expect(answer.status).to.equal(400);
      const [info, bad] = JSON.parse(answer.body).details;
      expect([info.reason, info.metadata]).to.deep.equal(['FIELD_INVALID', { field }]);
      expect(bad.fieldViolations[0].field).to.equal(field);
      expect(one.socket.closedWith).to.equal(undefined);
      expect([rig.blocks.list(Date.now()).length, rig.drain.state.t, rig.level]).to.deep.equal([0, 'serving', level]);
    });
  }

  it('reads + in a query as a space, and a body in its own encoding only', async () => {
    rig.pair('sub/plus');
    const listed = await call('GET', '/v1/sessions?filter=state+%3D+PAIRED+AND+meetup_id+%3D+sub/plus', 'viewer');
    expect(JSON.parse(listed.body).totalSize, listed.body).to.equal(1);
    expect((await call('GET', '/v1/sessions', 'viewer', {})).body).to.contain('has no place in a GET');
  });

  it('tells a wrong verb by Allow, and what the edge refuses itself in the same form', async () => {
    const head = await call('HEAD', '/v1/sessions', 'viewer');
    expect([head.status, head.headers.allow, head.body]).to.deep.equal([405, 'GET', '']);
    const put = await call('PUT', '/v1/blocks', 'viewer', {});
    expect([put.status, put.headers.allow, JSON.parse(put.body).code]).to.deep.equal([405, 'POST, GET', 12]);
    for (const [path, status, reason] of [
      ['/v1/nothing', 404, 'PATH_UNKNOWN'],
      ['/other', 404, 'PATH_UNKNOWN'],
      ['/v1/sessions%2fx', 400, 'REQUEST_INVALID'],
      [`/v1/sessions?filter=${'x'.repeat(20_000)}`, 431, 'REQUEST_INVALID'],
    ] as const) {
      const answer = await call('GET', path, 'viewer');
      expect(answer.status, path).to.equal(status);
      expect(answer.headers['content-type'], path).to.equal('application/json');
      expect(JSON.parse(answer.body).details[0], path).to.include({ reason, domain: 'wsproxy.micronets' });
    }
  });

  it('sends a stream line by line, as it happens, until the caller leaves', async () => {
    const pem = await readFile(admin.file('viewer'));
    const ca = await readFile(join(admin.folder, 'certs', 'root.cert.pem'));
    const at = { host: 'localhost', port: edge.ports.control, path: '/v1/sessions:watch' };
    const asked = request({ ...at, ca, cert: pem, key: pem, agent: false });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const lines = createInterface(response)[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value);
    expect([response.headers['content-type'], (await next()).type]).to.deep.equal([
      'application/x-ndjson',
      'SESSION_EVENT_TYPE_SNAPSHOT_DONE',
    ]);
    rig.join('sub/later');
    expect((await next()).session.meetupId).to.equal('sub/later');
    const calls = rig.audit.length;
    asked.destroy();
    await rig.audited(calls + 1);
    expect([rig.audit.at(-1)?.code, rig.feed.watchers.used]).to.deep.equal(['CANCELLED', 0]);
  });

  it('ends a stream whose deadline passes with DEADLINE_EXCEEDED, every time', async () => {
    const pem = await readFile(admin.file('viewer'));
    const ca = await readFile(join(admin.folder, 'certs', 'root.cert.pem'));
    const session = connect(`https://localhost:${edge.ports.control}`, { ca, cert: pem, key: pem });
    // The test speaks without the caller's library, whose own clock would hide the deadlines of edge and service.
    const watch = async (ms: number): Promise<unknown> => {
      const path = '/micronets.wsproxy.control.v1.ControlService/WatchSessions';
      const grpc = { 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': `${ms}m` };
      const stream = session.request({ ':method': 'POST', ':path': path, ...grpc });
      stream.end(Buffer.alloc(5));
      stream.resume();
      const [trailers] = await once(stream, 'trailers');
      return trailers['grpc-status'];
    };
    try {
      const all = Array.from({ length: 16 }, (_, at) => watch(100 + 5 * at));
      expect(await Promise.all(all)).to.deep.equal(all.map(() => String(Code.DEADLINE_EXCEEDED)));
    } finally {
      session.destroy();
    }
  });

  it('takes no connection without a certificate of the CA', async () => {
    const error = await call('GET', '/v1/sessions', 'stranger').then(
      () => undefined,
      (failed: Error) => failed,
    );
    expect(error?.message).to.match(/alert|reset|hang up/);
  });
});
