import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer as createHttp2, connect as http2Connect } from 'node:http2';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import type { MutualTls } from '../../proxy/transport/mutual-tls.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { TLS, tlsNamed, UNIX } from '../support/hop-ways.js';
import { certificateOf } from '../support/replica-client.js';
import { type Replica, Replicas } from '../support/replicas.js';
import { refusedUpgrade } from '../support/service.js';

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
    await new Promise<void>((resolve) => control.close(() => resolve()));
  });
});
