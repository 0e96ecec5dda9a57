import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { expect } from 'chai';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { TLS, tlsNamed, UNIX } from '../support/hop-ways.js';
import { certificateOf, ReplicaClient, upgradeText } from '../support/replica-client.js';
import { type Replica, Replicas } from '../support/replicas.js';
import { refusedUpgrade } from '../support/service.js';
import { until } from '../support/turns.js';

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
    client.write(upgradeText('m', certificateOf('a')));
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

  it('would be reached by a socket of this machine, though the fleet has TLS: nothing is sent to it', async () => {
    fleet = new Replicas(TLS);
    const landing = await fleet.start('landing');
    let dialled = 0;
    const path = fleet.scratch.path('stranger.sock');
    server = createServer(() => (dialled += 1)).listen(path);
    await once(server, 'listening');
    landing.stale.set('m', { incarnation: 'owner-1', replica: 'owner', address: `unix:${path}` });
    const refused = await refusedUpgrade(landing.edgePath, `${MEETUP_PREFIX}m`, certificateOf('a'));
    expect([refused.error.reason, dialled]).to.deep.equal(['unplaced', 0]);
    expect(landing.reports.join()).to.match(/reaches others by TLS only/);
  });

  it('its client does not wait for it: the place is given back', async () => {
    const connected: Socket[] = [];
    const owner = createServer((socket) => void connected.push(socket.on('error', () => {})));
    const landing = await landingBefore(owner, UNIX, { answer: 100 });
    const client = connect(landing.edgePath);
    client.write(upgradeText('m', certificateOf('a')));
    await once(owner, 'connection');
    client.destroy();
    const fingerprint = certificateOf('a')['x-peer-fingerprint'] ?? '';
    await until(() => landing.limits.connections(fingerprint) === 0);
    expect([landing.hops.open, fleet.claims.size]).to.deep.equal([0, 0]);
    for (const socket of connected) socket.destroy();
  });
});

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
