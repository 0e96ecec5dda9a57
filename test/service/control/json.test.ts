import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline/promises';
import { expect } from 'chai';
import { MAX_JSON_BYTES } from '../../../proxy/control/json/body.js';
import { as, CERTIFICATES, ControlRig, type Operator } from '../../support/control.js';
import { ask } from '../../support/grpc-calls.js';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Reasons of the ErrorInfo, when it is a google.rpc.Status. */
  readonly reason: string | undefined;
}

describe('the control API as JSON', function () {
  this.timeout(30_000);
  let rig: ControlRig;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    rig = await ControlRig.start({ changes: 64 });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await rig.stop();
  });

  /** One request with the headers that the edge sets for that operator. */
  const begin = async (verb: string, path: string, operator: Operator, body?: string): Promise<IncomingMessage> => {
    const headers = { ...as(operator).getMap(), 'content-type': 'application/json' } as Record<string, string>;
    const asked = request({ socketPath: rig.socketPath, method: verb, path, headers, agent: false });
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return response;
  };

  const call = async (verb: string, path: string, operator: Operator, body?: string): Promise<Answer> => {
    const response = await begin(verb, path, operator, body);
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const { statusCode: status = 0, headers } = response;
    const reason = text === '' || status === 200 ? undefined : JSON.parse(text).details[0].reason;
    return { status, headers, text, reason };
  };

  const bare = async (): Promise<Socket> => {
    const socket = connect(rig.socketPath);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };

  it('does not ask the gRPC server beside it by the HTTP proxy of the environment', async () => {
    const before = process.env['grpc_proxy'];
    process.env['grpc_proxy'] = 'http://127.0.0.1:1';
    const other = await ControlRig.start({}, { replica: 'replica-1', isOnPort: true });
    try {
      const headers = as('viewer').getMap() as Record<string, string>;
      const asked = request({ host: '127.0.0.1', port: other.port, path: '/v1/sessions', headers, agent: false });
      asked.end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.resume();
      expect(response.statusCode).to.equal(200);
    } finally {
      if (before === undefined) delete process.env['grpc_proxy'];
      else process.env['grpc_proxy'] = before;
      await other.stop();
    }
  });

  it('answers on the socket of gRPC, whichever comes first', async () => {
    rig.pair('sub/1');
    const listed = await call('GET', '/v1/sessions', 'viewer');
    expect(listed.headers['content-type']).to.equal('application/json');
    const overGrpc = await ask<{ total_size: number }>((done) => rig.client().listSessions({}, as('viewer'), done));
    expect([JSON.parse(listed.text).totalSize, overGrpc.total_size]).to.deep.equal([1, 1]);
  });

  it('knows the protocol however the bytes come, and gives the server all of them', async () => {
    const half = await bare();
    for (const byte of 'PUT /v1/info HTTP/1.1\r\nHost: x\r\n\r\n') {
      half.write(byte);
      await new Promise(setImmediate);
    }
    const [answer] = (await once(half, 'data')) as [Buffer];
    expect(answer.toString('latin1')).to.match(/^HTTP\/1\.1 405 /);
    const whole = await bare();
    for (const byte of 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0') {
      whole.write(byte);
      await new Promise(setImmediate);
    }
    const [settings] = (await once(whole, 'data')) as [Buffer];
    // A SETTINGS frame: type 4.
    expect(settings[3]).to.equal(4);
  });

  it('keeps no connection whose other end is gone, whatever it had said', async () => {
    for (const said of ['', 'PRI *', 'GET /v1', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0']) {
      const socket = await bare();
      socket.end(said);
      socket.resume();
      await once(socket, 'close');
    }
  });

  it('writes every field, times and 64-bit integers as text, and nothing that steers a terminal', async () => {
    const { peer } = rig.join('sub/2', {}, 'evil \u009b2J\u202e');
    const { text } = await call('GET', '/v1/sessions', 'viewer');
    expect(text)
      .to.contain('evil \\u009b2J\\u202e')
      .and.not.match(/[\u0080-\u009f\u202e]/);
    const [session] = JSON.parse(text).sessions;
    expect(session.peers[0]).to.deep.include({ peerId: 'evil \u009b2J\u202e', backlogBytes: '0', held: false });
    expect(session).to.include({ uid: peer.session?.uid, createTime: new Date(session.createTime).toISOString() });
    expect(session).not.to.have.property('pairTime');
  });

  it('does nothing for a request that is refused, and writes it to the audit', async () => {
    const [one] = rig.pair('sub/1');
    const { uid } = one.peer.session ?? { uid: '' };
    const { status, reason } = await call(
      'POST',
      `/v1/sessions/${uid}:kick`,
      'operator',
      '{"reason":"x","peerUID":""}',
    );
    expect([status, reason]).to.deep.equal([400, 'FIELD_INVALID']);
    expect(one.socket.closedWith).to.equal(undefined);
    expect(rig.audit).to.have.length(1);
    expect(rig.audit[0]).to.deep.include({ code: 'INVALID_ARGUMENT', request: {} });
    expect(rig.audit[0]?.method).to.match(/\/KickSession$/);
    expect(rig.audit[0]?.caller?.subject).to.equal(as('operator').get('x-peer-subject')[0]);
  });

  it('says first that a right is missing, or an identity', async () => {
    const path = '/v1/drain';
    expect(await call('POST', path, 'viewer', '{"replca":""}')).to.include({ status: 403, reason: 'RIGHT_MISSING' });
    const socket = await bare();
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString())
      .to.match(/^HTTP\/1\.1 401 /)
      .and.contain('IDENTITY_MISSING');
    expect(rig.drain.state.t).to.equal('serving');
  });

  it('does nothing for a page of another site, whose visitor has a certificate', async () => {
    const from = async (site: string, path: string): Promise<readonly [number, unknown]> => {
      const headers = { ...(as('admin').getMap() as Record<string, string>), 'sec-fetch-site': site };
      const asked = request({ socketPath: rig.socketPath, path, headers, agent: false });
      asked.end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      if (response.statusCode === 200) {
        response.destroy();
        return [200, undefined];
      }
      const [chunk] = (await once(response, 'data')) as [Buffer];
      return [response.statusCode ?? 0, JSON.parse(chunk.toString()).details[0].reason];
    };
    for (const path of ['/v1/sessions', '/v1/sessions:watch', '/v1/sessions/none:tap']) {
      for (const site of ['cross-site', 'same-site']) {
        expect(await from(site, path), `${site} ${path}`).to.deep.equal([403, 'SITE_FOREIGN']);
      }
    }
    expect(rig.audit.map(({ code, caller }) => [code, caller?.fingerprint])).to.deep.equal(
      new Array(6).fill(['PERMISSION_DENIED', CERTIFICATES.admin]),
    );
    for (const site of ['same-origin', 'none'])
      expect(await from(site, '/v1/sessions')).to.deep.equal([200, undefined]);
  });

  it('tells other verbs by 405 and Allow, other paths by 404', async () => {
    for (const verb of ['HEAD', 'PUT', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      const { status, headers, text } = await call(verb, '/v1/blocks', 'admin');
      expect([status, headers['allow'], text === ''], verb).to.deep.equal([405, 'POST, GET', verb === 'HEAD']);
    }
    expect(await call('GET', '/v1/nothing', 'admin')).to.include({ status: 404, reason: 'PATH_UNKNOWN' });
  });

  it('takes no body that is too long', async () => {
    const body = (length: number): string => `{"level":"${'x'.repeat(length - 12)}"}`;
    expect((await call('POST', '/v1/log:setLevel', 'admin', body(MAX_JSON_BYTES))).text).to.contain(
      'level: must be one of',
    );
    const refused = await call('POST', '/v1/log:setLevel', 'admin', body(MAX_JSON_BYTES + 1));
    expect(refused).to.include({ status: 413, reason: 'REQUEST_TOO_LONG' });
  });

  it('sends a stream line by line, and its end as the last of them', async () => {
    rig.pair('sub/1');
    const response = await begin('GET', '/v1/sessions:watch', 'viewer');
    expect([response.statusCode, response.headers['content-type']]).to.deep.equal([200, 'application/x-ndjson']);
    const lines = createInterface(response)[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value);
    expect((await next()).session.meetupId).to.equal('sub/1');
    expect(await next()).to.include({ type: 'SESSION_EVENT_TYPE_SNAPSHOT_DONE' });
    rig.grants[as('viewer').get('x-peer-fingerprint')[0] as string] = { level: 'none', tapBodies: false };
    const { error } = await next();
    expect([error.code, error.details[0].reason]).to.deep.equal([7, 'RIGHT_MISSING']);
    expect((await lines.next()).done).to.equal(true);
  });

  it('refuses a stream by its status, as long as nothing was sent', async () => {
    expect(await call('GET', '/v1/sessions:watch?filter=x', 'viewer')).to.include({
      status: 400,
      reason: 'FIELD_INVALID',
    });
    expect(await call('GET', '/v1/sessions/none:tap', 'operator')).to.include({
      status: 404,
      reason: 'SESSION_NOT_FOUND',
    });
  });

  it('ends a watcher that leaves', async () => {
    const response = await begin('GET', '/v1/sessions:watch', 'viewer');
    await once(response, 'data');
    expect(rig.feed.watchers.used).to.equal(1);
    response.destroy();
    await rig.audited(1);
    expect([rig.audit[0]?.code, rig.feed.watchers.used]).to.deep.equal(['CANCELLED', 0]);
  });

  it('holds little for a watcher that does not read, and tells it to start over', async () => {
    const response = await begin('GET', '/v1/sessions:watch', 'viewer');
    for (let round = 0; round < 200; round += 1) {
      const id = `sub/${'x'.repeat(400)}/${round}`;
      for (let n = 0; n < 10; n += 1) rig.join(`${id}/${n}`).socket.gone();
      await new Promise(setImmediate);
    }
    const lines: string[] = [];
    for await (const line of createInterface(response)) lines.push(line);
    expect(JSON.parse(lines.at(-1) ?? '').error.details[0].reason).to.equal('WATCHER_TOO_SLOW');
    expect(lines.length).to.be.below(2000);
  });

  it('tells open streams that the replica stops, and takes no connection any more', async () => {
    const response = await begin('GET', '/v1/drain:watch', 'viewer');
    const idle = await bare();
    const lines: string[] = [];
    const ended = (async () => {
      for await (const line of createInterface(response)) lines.push(line);
    })();
    await once(response, 'data');
    await rig.server.stop();
    await ended;
    expect(JSON.parse(lines.at(-1) ?? '').error.details[0].reason).to.equal('STOPPING');
    await once(idle, 'close');
    const [refused] = await once(connect(rig.socketPath), 'error');
    expect(refused.code).to.equal('ENOENT');
  });

  it('stops in a bounded time, whatever a connection of gRPC does', async () => {
    const socket = await bare();
    // A preface, an empty SETTINGS frame, and nothing more: not even a sign of what it gets.
    socket.pause();
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0');
    await call('GET', '/v1/sessions', 'viewer');
    await rig.server.stop();
    socket.resume();
    await once(socket, 'close');
  });
});
