import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { expect } from 'chai';
import { settleAll } from '../../dev/ports.js';
import type { Replica } from '../../envoy/replica.js';
import type { FleetSettings } from '../../envoy/settings.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { subject } from '../support/certificate-names.js';
import { startEdge, type TestEdge } from '../support/envoy.js';
import { TLS, tlsNamed } from '../support/hop-ways.js';
import { RawAuthority } from '../support/raw-authority.js';
import { type RawAnswer, sendRaw } from '../support/raw-request.js';
import { Replicas } from '../support/replicas.js';
import { Scratch } from '../support/scratch.js';
import { type Service, startService } from '../support/service.js';
import { StandingReplica } from '../support/standing-replica.js';

const EDGE_NAME = 'edge.internal';
const REPLICA_NAME = 'spiffe://ws-proxy.internal/replica';

describe('edge: several services', function () {
  this.timeout(30_000);
  const authority = new RawAuthority();
  /** Of the parts among themselves; no peer has a certificate of it. */
  const parts = new RawAuthority([['2.5.4.3', 'Parts']]);
  const credential = authority.issue({ subject: subject(['O', 'Acme']) });
  let scratch: Scratch;
  let services: Set<Service>;
  let edge: TestEdge | undefined;

  beforeEach(() => {
    scratch = new Scratch();
    services = new Set();
    edge = undefined;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.error(await edge?.logs());
    await edge?.stop();
    await Promise.all([...services].map((service) => service.stop()));
    scratch.remove();
  });

  async function start(
    name: string,
    flags: Record<string, string> = {},
  ): Promise<{ service: Service; replica: Replica }> {
    const control = scratch.path(`${name}.control.sock`);
    const service = await startService({ replica: name, controlListen: `unix:${control}`, ...flags });
    services.add(service);
    const replica: Replica = {
      name,
      peers: { t: 'unix', path: service.socketPath },
      health: { host: '127.0.0.1', port: service.proxy.parts.metricsPort },
      control: { t: 'unix', path: control },
    };
    return { service, replica };
  }

  async function startBefore(fleet: FleetSettings): Promise<TestEdge> {
    edge = await startEdge({ serviceSocket: scratch.path('none.sock'), authority, settings: { fleet } });
    return edge;
  }

  function ask({ ports }: TestEdge, id: string): Promise<RawAnswer> {
    return sendRaw({ port: ports.peers, ca: authority.certificate, credential, path: `${MEETUP_PREFIX}sub/${id}` });
  }

  /** Writes a certificate with that name for the mutual TLS among the parts. */
  function write(file: string, name: { dns: string } | { uri: string }): { certificate: string; key: string } {
    const issued = parts.issue({ subject: subject(['O', file]), names: [name] });
    return {
      certificate: scratch.write(`${file}.cert.pem`, issued.certificate),
      key: scratch.write(`${file}.key.pem`, issued.key),
    };
  }

  it('passes on what a replica itself says when none takes newcomers', async () => {
    const both = await Promise.all([start('r1'), start('r2')]);
    await Promise.all(both.map(({ service: { proxy } }) => proxy.parts.drain.start(proxy.parts.drainPlan)));
    const answer = await ask(await startBefore({ replicas: both.map(({ replica }) => replica) }), 'a');
    expect(answer.status).to.equal(503);
    expect(JSON.parse(answer.body).error).to.deep.include({ reason: 'draining', retry: 'later' });
    expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
  });

  it('says itself that nobody is there when every replica is gone', async () => {
    const { service, replica } = await start('r1');
    const before = await startBefore({ replicas: [replica] });
    expect((await ask(before, 'a')).status).to.equal(101);
    services.delete(service);
    await service.stop();
    const answer = await ask(before, 'a');
    expect([answer.status, JSON.parse(answer.body).error.reason]).to.deep.equal([503, 'unavailable']);
    const empty = await ask(await startedAgain({}), 'a');
    expect([empty.status, JSON.parse(empty.body).error.reason]).to.deep.equal([503, 'unavailable']);
  });

  /** The edge in the place of the one before. */
  async function startedAgain(fleet: FleetSettings): Promise<TestEdge> {
    await edge?.stop();
    return startBefore(fleet);
  }

  it('reaches a replica over TCP by mutual TLS, and one on a unix socket beside it without', async () => {
    const [edgeFiles, replicaFiles] = [write('edge', { dns: EDGE_NAME }), write('replica', { uri: REPLICA_NAME })];
    const ca = scratch.write('parts.pem', parts.certificate);
    const [port = 0] = await settleAll([{ name: 'test', host: '127.0.0.1', port: 0, variable: '' }]);
    const { replica: there } = await start('there', {
      listen: `127.0.0.1:${port}`,
      tlsCert: replicaFiles.certificate,
      tlsKey: replicaFiles.key,
      tlsClientCa: ca,
      tlsClientName: EDGE_NAME,
    });
    const far: Replica = { ...there, peers: { t: 'tcp', host: '127.0.0.1', port } };
    const { replica: here } = await start('here');
    const tls = { ...edgeFiles, ca, name: REPLICA_NAME };
    const before = await startBefore({ replicas: [far, here], tls });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, id) => ask(before, String(id))));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array.from({ length: 40 }, () => 101));
    const taken = [...services].map(({ proxy }) => proxy.parts.telemetry.metrics.renderPrometheus());
    for (const text of await Promise.all(taken)) expect(text).to.match(/^ws_proxy_admissions_total\S* [1-9]/m);
    expect(await before.stat('cluster.rendezvous.ssl.handshake')).to.be.greaterThan(0);
    expect(await before.stat('.*update_rejected')).to.equal(0);

    // Another name, another authority, no certificate that the replica takes: nobody is led there.
    const stranger = scratch.write('stranger.pem', new RawAuthority().certificate);
    for (const wrong of [
      { ...tls, name: 'replica.internal' },
      { ...tls, ca: stranger },
      { ...tls, ...write('peer', { dns: 'peer.internal' }) },
    ]) {
      expect((await ask(await startedAgain({ replicas: [far], tls: wrong }), 'a')).status).to.equal(503);
    }
  });

  it('leads operators to any replica, and past one that is dead', async () => {
    const [one, two] = await Promise.all([start('r1'), start('r2')]);
    const before = await startBefore({ replicas: [one.replica, two.replica] });
    services.delete(one.service);
    await one.service.stop();
    for (let count = 0; count < 8; count += 1) {
      const answer = await json(before.ports.control);
      // The service's own word: any-verified gives nobody a right.
      expect([answer.status, JSON.parse(answer.body).details[0].reason]).to.deep.equal([403, 'RIGHT_MISSING']);
      expect((await call(before.ports.control))['grpc-status']).to.equal('7');
    }
  });

  it('leads operators to a replica on another machine by the listener between replicas', async () => {
    const { replica } = await start('r1');
    const [name, between] = ['replica.internal', new Replicas(TLS)];
    const { address } = await between.start('r1', { ...(replica.control && { control: replica.control }) });
    try {
      const own = tlsNamed(name, name);
      const tls = {
        certificate: scratch.write('hop.cert.pem', own.cert),
        key: scratch.write('hop.key.pem', own.key),
        ca: scratch.write('hop.ca.pem', own.ca),
        name,
      };
      const control = { t: 'tcp', host: '127.0.0.1', port: Number(address.split(':')[1]) } as const;
      const { ports } = await startBefore({ replicas: [{ ...replica, control }], tls });
      expect((await call(ports.control))['grpc-status']).to.equal('7');
      const answer = await json(ports.control);
      expect([answer.status, JSON.parse(answer.body).details[0].reason]).to.deep.equal([403, 'RIGHT_MISSING']);
    } finally {
      await between.stop();
    }
  });

  it('ends the calls that a replica which stands still does not answer', async () => {
    const { replica } = await start('r1');
    const still = await StandingReplica.start(scratch.path('still.sock'));
    try {
      const stuck: Replica = { ...replica, name: 'r2', control: { t: 'unix', path: still.path } };
      const peers = { t: 'unix', path: scratch.path('r2.sock') } as const;
      const before = await startBefore({ replicas: [replica, { ...stuck, peers }] });
      const calls = await Promise.all(Array.from({ length: 8 }, () => call(before.ports.control)));
      const told = calls.map((headers) => headers['grpc-status']);
      expect(still.asked).to.be.greaterThan(0);
      // Denied by the one, unavailable at the other.
      expect(new Set(told)).to.deep.equal(new Set(['7', '14']));
    } finally {
      await still.stop();
    }
  });

  function json(port: number): Promise<RawAnswer> {
    const request = { port, ca: authority.certificate, credential, upgrade: false };
    return sendRaw({ ...request, path: '/v1/sessions', tls: { ALPNProtocols: ['http/1.1'] } });
  }

  async function call(port: number): Promise<IncomingHttpHeaders> {
    const identity = { ca: authority.certificate, cert: credential.certificate, key: credential.key };
    const session = connect(`https://localhost:${port}`, identity);
    try {
      await once(session, 'connect');
      const path = '/micronets.wsproxy.control.v1.ControlService/ListSessions';
      const grpc = { 'content-type': 'application/grpc', te: 'trailers' };
      const request = session.request({ ':method': 'POST', ':path': path, ...grpc });
      request.end(Buffer.alloc(5));
      const [response] = (await once(request, 'response')) as [IncomingHttpHeaders];
      let trailers: IncomingHttpHeaders = {};
      request.on('trailers', (told: IncomingHttpHeaders) => {
        trailers = told;
      });
      request.resume();
      await once(request, 'end');
      return { ...response, ...trailers };
    } finally {
      session.destroy();
    }
  }
});
