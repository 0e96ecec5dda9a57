import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer as createHttp2, connect as http2Connect } from 'node:http2';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTls } from 'node:tls';
import { expect } from 'chai';
import type { MutualTls } from '../../proxy/transport/mutual-tls.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { TLS, tlsNamed, UNIX } from '../support/hop-ways.js';
import { certificateOf, ReplicaClient } from '../support/replica-client.js';
import { type Replica, Replicas } from '../support/replicas.js';
import { refusedUpgrade } from '../support/service.js';
import { until } from '../support/turns.js';

const MARKS = { 'x-ws-proxy-hop': 'elsewhere-1', 'x-ws-proxy-owner': 'one-1' };

/** Sends bytes and resolves with all that come back. */
async function said(socket: Socket, text: string): Promise<string> {
  socket.on('error', () => {});
  socket.end(text);
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  await once(socket, 'close');
  return Buffer.concat(pieces).toString('latin1');
}

describe('the listener for other replicas', () => {
  let fleet: Replicas;
  let one: Replica;

  async function fresh(way: typeof UNIX, wish: Parameters<Replicas['start']>[1] = {}): Promise<void> {
    fleet = new Replicas(way);
    one = await fleet.start('one', wish);
  }

  const portOf = (): number => Number(one.address.split(':')[1]);

  function dial({ cert, key, ca }: MutualTls, protocol = 'http/1.1'): Socket {
    const shown = { cert, key, ca, ALPNProtocols: [protocol], checkServerIdentity: () => undefined };
    return connectTls({ host: '127.0.0.1', port: portOf(), ...shown });
  }

  afterEach(async () => {
    await fleet.stop();
    expect(one.faults).to.deep.equal([]);
  });

  it('is a unix socket that nobody else may use, and takes only what has both marks of a hop', async () => {
    await fresh(UNIX);
    const path = one.address.slice('unix:'.length);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    const headers = certificateOf('a');
    for (const marks of [{}, { 'x-ws-proxy-hop': 'elsewhere-1' }, { 'x-ws-proxy-owner': 'one-1' }]) {
      const refused = await refusedUpgrade(path, `${MEETUP_PREFIX}m`, { ...headers, ...marks });
      expect([refused.status, refused.error.reason]).to.deep.equal([400, 'request_invalid']);
    }
    const other = { ...headers, ...MARKS, 'x-ws-proxy-owner': 'one-0' };
    const misdirected = await refusedUpgrade(path, `${MEETUP_PREFIX}m`, other);
    expect([misdirected.status, misdirected.headers['x-ws-proxy-incarnation']]).to.deep.equal([421, 'one-1']);
    const nobody = await refusedUpgrade(path, `${MEETUP_PREFIX}m`, MARKS);
    expect([nobody.status, nobody.error.reason]).to.deep.equal([401, 'identity_missing']);
  });

  it('the edge’s listener takes no mark of a hop: a client cannot pass for one', async () => {
    await fresh(UNIX);
    const headers = certificateOf('a');
    for (const [name, value] of Object.entries({ ...MARKS, 'X-WS-Proxy-Anything': '1' })) {
      const refused = await refusedUpgrade(one.edgePath, `${MEETUP_PREFIX}m`, { ...headers, [name]: value });
      expect([refused.status, refused.error.reason]).to.deep.equal([400, 'request_invalid']);
    }
    expect([one.core.present.counts.connections, fleet.claims.size]).to.deep.equal([0, 0]);
  });

  it('what is neither an upgrade nor a drain gets the answers of the door', async () => {
    await fresh(UNIX);
    const path = one.address.slice('unix:'.length);
    const drain = (query: string, marks = `x-ws-proxy-hop: two-1\r\n`) =>
      `POST /drain?${query} HTTP/1.1\r\nhost: a\r\n${marks}content-length: 0\r\nconnection: close\r\n\r\n`;
    const whole = 'deadline=0&batch=1&interval=10&spread=0';
    const asked: readonly [string, number][] = [
      ['GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 404],
      [`GET ${MEETUP_PREFIX}m HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`, 426],
      [drain(whole), 202],
      [drain(whole, ''), 404],
      [drain('deadline=0&batch=1&interval=10'), 404],
      [drain(whole.replace('interval=10', 'interval=3600001')), 404],
      [drain(whole.replace('batch=1', 'batch=-1')), 404],
      ['broken\r\n\r\n', 400],
    ];
    for (const [text, status] of asked) {
      expect((await said(connect(path), text)).slice(0, 12), text).to.equal(`HTTP/1.1 ${status}`);
    }
  });

  it('over TLS takes the name of a replica and nobody else’s of the same CA: neither upgrade, nor drain, nor call', async () => {
    const control = createServer((socket) => socket.destroy());
    await once(control.listen(0, '127.0.0.1'), 'listening');
    const { port } = control.address() as AddressInfo;
    let reached = 0;
    control.on('connection', () => {
      reached += 1;
    });
    await fresh(TLS, { control: { t: 'tcp', host: '127.0.0.1', port } });
    const peer = tlsNamed('peer.internal', 'replica.internal');
    expect(await said(dial(peer), 'POST /drain HTTP/1.1\r\nhost: a\r\n\r\n')).to.equal('');
    expect(await said(dial(peer), `GET ${MEETUP_PREFIX}m HTTP/1.1\r\nhost: a\r\n\r\n`)).to.equal('');
    expect(await said(dial(peer, 'h2'), 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).to.equal('');
    expect([reached, one.core.present.counts.connections]).to.deep.equal([0, 0]);
    await once(control.close(), 'close');
  });

  it('over TLS passes HTTP/2 on to the control API of its own replica', async () => {
    const control = createHttp2((request, response) => response.end(`answer to ${request.url}`));
    await once(control.listen(0, '127.0.0.1'), 'listening');
    const { port } = control.address() as AddressInfo;
    await fresh(TLS, { control: { t: 'tcp', host: '127.0.0.1', port } });
    const session = http2Connect('https://replica.internal', {
      createConnection: () => dial(TLS.tls ?? tlsNamed('', ''), 'h2') as never,
    });
    const pieces: Buffer[] = [];
    const stream = session.request({ ':path': '/call' }).on('data', (piece: Buffer) => pieces.push(piece));
    await once(stream, 'end');
    expect(Buffer.concat(pieces).toString()).to.equal('answer to /call');
    session.close();
    await once(session, 'close');
    await once(control.close(), 'close');
  });
});

describe('a replica that is not what it was thought to be', () => {
  let fleet: Replicas;
  let server: Server | undefined;

  afterEach(async () => {
    await fleet.stop();
    if (server !== undefined) await once(server.close(), 'close');
    server = undefined;
  });

  /** A landing replica that takes what listens at a server for the owner of `m`. */
  async function landingBefore(owner: Server, way: typeof UNIX, times = {}): Promise<Replica> {
    server = owner;
    fleet = new Replicas(way);
    const landing = await fleet.start('landing', { times });
    const path = fleet.scratch.path('owner.hop');
    const isTls = way.tls !== undefined;
    await once(isTls ? owner.listen(0, '127.0.0.1') : owner.listen(path), 'listening');
    const address = isTls ? `127.0.0.1:${(owner.address() as AddressInfo).port}` : `unix:${path}`;
    landing.stale.set('m', { incarnation: 'owner-1', replica: 'owner', address });
    return landing;
  }

  it('[MEET-9] and is silent: the newcomer is told to come again at once, in bounded time', async () => {
    let asked = '';
    const owner = createServer((socket) => socket.on('error', () => {}).on('data', (piece) => (asked += piece)));
    const landing = await landingBefore(owner, UNIX, { answer: 100 });
    const refused = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('a'));
    expect([refused.status, refused.error.reason, refused.headers['retry-after']]).to.deep.equal([
      ...[503, 'unplaced', '1'],
    ]);
    expect(landing.evidence).to.deep.equal(['silent']);
    expect(landing.reports).to.deep.equal(['owner silent: no answer within 100 ms']);
    expect(asked).to.match(/^GET \S+ HTTP\/1\.1\r\n/);
    expect(asked).to.match(/\r\nx-ws-proxy-hop: landing-1\r\nx-ws-proxy-owner: owner-1\r\n\r\n$/);
    expect(landing.hops.open).to.equal(0);
  });

  it('[MEET-9] and breaks off: it is asked once more, since one that has died refuses then', async () => {
    let asked = 0;
    const owner = createServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    const landing = await landingBefore(owner, UNIX);
    const refused = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('a'));
    expect([refused.error.reason, asked, landing.evidence]).to.deep.equal(['unplaced', 2, ['silent']]);
  });

  it('[MEET-9] and speaks another protocol, or too long a head: as if it were silent', async () => {
    const answers = [
      'SSH-2.0\r\n\r\n',
      `HTTP/1.1 101 a\r\nx: ${'y'.repeat(20_000)}`,
      'HTTP/1.1 421 Misdirected\r\n\r\n',
    ];
    const owner = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .write(answers.shift() ?? ''),
    );
    const landing = await landingBefore(owner, UNIX);
    for (let round = 1; round <= 3; round += 1) {
      const refused = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('a'));
      expect([refused.error.reason, landing.evidence.length]).to.deep.equal(['unplaced', round]);
    }
    expect(new Set(landing.evidence)).to.deep.equal(new Set(['silent']));
  });

  it('and falls silent after it has accepted: the connection is cut after a time', async () => {
    const owner = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    );
    const landing = await landingBefore(owner, UNIX, { quiet: 200 });
    const client = connect(landing.edgePath).on('error', () => {});
    client.write(upgradeText('a'));
    const pieces: Buffer[] = [];
    client.on('data', (piece: Buffer) => pieces.push(piece));
    await once(client, 'close');
    expect(Buffer.concat(pieces).toString()).to.match(/^HTTP\/1\.1 101 /);
    await until(() => landing.hops.open === 0);
  });

  it('has not the name: nothing of the upgrade is sent to it', async () => {
    let got = '';
    const { cert, key, ca } = tlsNamed('peer.internal', 'replica.internal');
    const owner = createTls({ cert, key, ca, requestCert: true }, (socket) =>
      socket.on('error', () => {}).on('data', (piece) => (got += piece)),
    );
    const landing = await landingBefore(owner, TLS);
    const refused = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('a'));
    expect(refused.error.reason).to.equal('unplaced');
    expect(landing.reports).to.deep.equal(['owner silent: its certificate has not the name replica.internal']);
    expect(got).to.equal('');
  });

  it('would be reached over a network without TLS: it is not', async () => {
    fleet = new Replicas(UNIX);
    const landing = await fleet.start('landing');
    landing.stale.set('m', { incarnation: 'owner-1', replica: 'owner', address: '192.0.2.1:5050' });
    const refused = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('a'));
    expect(refused.error.reason).to.equal('unplaced');
    expect(landing.reports.join()).to.match(/reached by TLS only/);
  });

  it('its client does not wait for it: the place is given back', async () => {
    const connected: Socket[] = [];
    const owner = createServer((socket) => void connected.push(socket.on('error', () => {})));
    const landing = await landingBefore(owner, UNIX, { answer: 100 });
    const client = connect(landing.edgePath);
    client.write(upgradeText('a'));
    await once(owner, 'connection');
    client.destroy();
    const fingerprint = certificateOf('a')['x-peer-fingerprint'] ?? '';
    await until(() => landing.limits.connections(fingerprint) === 0);
    expect([landing.hops.open, fleet.claims.size]).to.deep.equal([0, 0]);
    for (const socket of connected) socket.destroy();
  });
});

/** An upgrade to `m` as the edge sends it for the peer of that name. */
function upgradeText(name: string): string {
  const headers = Object.entries({ ...certificateOf(name), host: 'a' }).map(([header, value]) => `${header}: ${value}`);
  return (
    `GET ${MEETUP_PREFIX}m HTTP/1.1\r\n${headers.join('\r\n')}\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
    'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
  );
}

describe('the room of connections that are handed on', () => {
  it('is taken at both replicas, twice where they land, and given back when they end', async () => {
    const fleet = new Replicas(UNIX);
    const owner = await fleet.start('owner', { maxPerCertificate: 3 });
    const landing = await fleet.start('landing', { maxConnections: 4, maxPerCertificate: 2 });
    const fingerprint = certificateOf('busy')['x-peer-fingerprint'] ?? '';
    const waiting = ['a', 'b', 'c'].map((meetupId) => ReplicaClient.join(owner, meetupId, meetupId));
    await Promise.all(waiting);
    await owner.until(() => owner.core.present.counts.waiting === 3);
    const clients = [await ReplicaClient.join(landing, 'a', 'busy'), await ReplicaClient.join(landing, 'b', 'busy')];
    expect([owner, landing].map(({ limits }) => limits.connections(fingerprint))).to.deep.equal([2, 2]);
    expect([owner.edge.open, landing.edge.open]).to.deep.equal([5, 4]);
    const full = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}c`, certificateOf('other'));
    expect([full.error.reason, landing.refused]).to.deep.equal(['server_full', ['server_full']]);
    const [first] = clients;
    first?.ws.terminate();
    await first?.closed;
    await until(() => landing.edge.open === 2);
    await owner.until(() => owner.limits.connections(fingerprint) === 1);
    expect(landing.limits.connections(fingerprint)).to.equal(1);
    await fleet.stop();
    expect([owner, landing].map(({ limits }) => limits.connections(fingerprint))).to.deep.equal([0, 0]);
    expect([landing.edge.open, owner.edge.open, fleet.claims.size]).to.deep.equal([0, 0, 0]);
  });

  it('[MEET-9] a certificate’s limit at the owner refuses there, in the owner’s words', async () => {
    const fleet = new Replicas(UNIX);
    const owner = await fleet.start('owner', { maxPerCertificate: 1 });
    const landing = await fleet.start('landing');
    await ReplicaClient.join(owner, 'm', 'busy');
    await owner.until(() => owner.core.present.counts.waiting === 1);
    const refused = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('busy'));
    expect([refused.status, refused.error.reason]).to.deep.equal([429, 'identity_full']);
    expect([owner.refused, landing.refused]).to.deep.equal([['identity_full'], []]);
    await until(() => landing.limits.connections(certificateOf('busy')['x-peer-fingerprint'] ?? '') === 0);
    await fleet.stop();
  });
});
