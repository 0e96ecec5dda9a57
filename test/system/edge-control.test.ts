import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Http2Server, type IncomingHttpHeaders } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { subject } from '../support/certificate-names.js';
import { useEdge } from '../support/envoy.js';
import { type IssuedCertificate, RawAuthority } from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';

const service = '/micronets.wsproxy.control.v1.ControlService';

describe('edge: control listener', () => {
  const authority = new RawAuthority();
  const admin = authority.issue({ subject: subject(['O', 'Acme'], ['CN', 'admin']), serial: '5a' });
  let dir = '';
  let upstream: Http2Server;
  let seen: IncomingHttpHeaders | undefined;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ws-proxy-control-'));
    upstream = createServer().on('stream', (stream, headers) => {
      seen = headers;
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end();
    });
    upstream.listen(join(dir, 'control.sock'));
    await once(upstream, 'listening');
  });
  const edge = useEdge(async () => ({
    serviceSocket: join(dir, 'service.sock'),
    authority,
    controlSocket: join(dir, 'control.sock'),
  }));
  beforeEach(() => {
    seen = undefined;
  });
  after(async () => {
    upstream.close();
    await rm(dir, { recursive: true });
  });

  async function call(path: string, headers: Record<string, string> = {}, credential: IssuedCertificate = admin) {
    const identity = { ca: authority.certificate, cert: credential.certificate, key: credential.key };
    const session = connect(`https://localhost:${edge().ports.control}`, identity);
    try {
      await once(session, 'connect');
      const grpc = { 'content-type': 'application/grpc', te: 'trailers' };
      const request = session.request({ ':method': 'POST', ':path': path, ...grpc, ...headers });
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingHttpHeaders];
      // The stream is read to its end, since a cut stream counts as an error of the upstream.
      request.resume();
      await once(request, 'end');
      return response;
    } finally {
      session.destroy();
    }
  }

  it('passes the verified identity over HTTP/2, and no claim', async () => {
    const claims = {
      'x-peer-subject': 'CN=root',
      'x-forwarded-client-cert': '[]',
      'x-envoy-internal': 'true',
      'x-ws-proxy-hop': 'r1-0',
    };
    expect((await call(`${service}/ListSessions`, claims))[':status']).to.equal(200);
    expect(seen?.['x-peer-subject']).to.equal('CN=admin,O=Acme');
    expect(seen?.['x-peer-serial']).to.equal('5a');
    expect(seen?.['x-envoy-internal']).to.equal(undefined);
    expect(seen?.['x-ws-proxy-hop']).to.equal(undefined);
    expect(JSON.parse(String(seen?.['x-forwarded-client-cert']))).to.have.length(1);
  });

  for (const path of [
    `${service}/GetSession`,
    '/grpc.health.v1.Health/Check',
    '/grpc.reflection.v1.ServerReflection/x',
  ]) {
    it(`leads ${path} to the service`, async () => {
      expect((await call(path))[':status']).to.equal(200);
      expect(seen?.[':path']).to.equal(path);
    });
  }

  it('gives one spelling of an RPC to the service', async () => {
    await call(`/x/..//${service}//ListSessions`);
    expect(seen?.[':path']).to.equal(`${service}/ListSessions`);
    seen = undefined;
    await call(`${service}%2fListSessions`);
    expect(seen).to.equal(undefined);
  });

  it('leads nothing else anywhere', async () => {
    const { ':status': status, 'grpc-status': code } = await call('/other.Service/Do');
    // gRPC callers are told UNIMPLEMENTED (12), in the form that they read.
    expect([status, code]).to.deep.equal([200, '12']);
    expect(seen).to.equal(undefined);
  });

  it('answers HTTP/1.1 callers, in JSON', async () => {
    const request = { port: edge().ports.control, ca: authority.certificate, credential: admin, upgrade: false };
    const answer = await sendRaw({ ...request, path: '/x' });
    expect(answer.status).to.equal(404);
    expect(JSON.parse(answer.body)).to.deep.include({ code: 5 });
    expect(JSON.parse(answer.body).details[0].reason).to.equal('PATH_UNKNOWN');
  });

  it('refuses TLS 1.2, no certificate and a stranger', async () => {
    const request = { port: edge().ports.control, ca: authority.certificate, path: '/x' };
    const refused = [
      { credential: admin, tls: { maxVersion: 'TLSv1.2' } as const },
      {},
      { credential: new RawAuthority().issue({ subject: subject(['CN', 'admin']) }) },
    ];
    for (const wish of refused) {
      const answer = await sendRaw({ ...request, ...wish }).catch((error: unknown) => error);
      expect(answer).to.be.instanceOf(Error);
    }
  });
});
