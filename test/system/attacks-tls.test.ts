import { once } from 'node:events';
import { connect as connectTcp, createServer } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { oid, sequence } from '../support/der-writer.js';
import { listText } from '../support/envoy.js';
import { extension, type IssuedCertificate, RawAuthority } from '../support/raw-authority.js';
import { PREFIX, useStack } from '../support/stack.js';

const CN = '2.5.4.3';
const HOUR_MS = 3_600_000;
/** Time for a handshake, seconds: as long as Envoy gives a head. */
const HANDSHAKE_TIMEOUT = 5;
/** Longest time until a silent client is cut off, milliseconds, with room for a busy machine. */
const SLOW_MS = 5_000 + 4_000;
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_ONLY = extension(EXTENDED_KEY_USAGE, sequence(oid('1.3.6.1.5.5.7.3.1')));
const REVOKED = '0bad';

/** Certificates that get nobody in, and the alert that says why (RFC 8446 §6). */
const certificates: readonly (readonly [string, number, (authority: RawAuthority) => IssuedCertificate | undefined])[] =
  [
    ['no certificate', 116, () => undefined],
    ['one of another CA', 48, () => new RawAuthority([[CN, 'Other Root']]).issue({ subject: [[CN, 'x']] })],
    ['one of another CA that has taken the name', 51, () => new RawAuthority().issue({ subject: [[CN, 'x']] })],
    ['an expired one', 45, (ca) => ca.issue({ subject: [[CN, 'x']], notAfter: new Date(Date.now() - HOUR_MS / 2) })],
    [
      'one that is not valid yet',
      45,
      (ca) => ca.issue({ subject: [[CN, 'x']], notBefore: new Date(Date.now() + HOUR_MS) }),
    ],
    ['a revoked one', 44, (ca) => ca.issue({ subject: [[CN, 'x']], serial: REVOKED })],
    ['one for servers only', 43, (ca) => ca.issue({ subject: [[CN, 'x']], extensions: [SERVER_ONLY] })],
  ];

const versions = ['TLSv1', 'TLSv1.1'] as const;
const ciphers = [
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA384',
  'AES128-GCM-SHA256',
  'AES128-SHA',
  'ECDHE-ECDSA-NULL-SHA',
  'DHE-RSA-AES128-GCM-SHA256',
];

describe('attacks: TLS', () => {
  const stack = useStack(() => ({ settings: { handshakeTimeout: HANDSHAKE_TIMEOUT } }));
  before(() => stack().edge.replace({ 'root.crl.pem': listText(stack().authority, [REVOKED]) }));

  for (const [what, alert, make] of certificates) {
    it(`${what}: alert ${alert}`, async () => {
      const credential = make(stack().authority);
      const failure = await refusal(credential);
      expect(failure.message).to.match(new RegExp(`alert number ${alert}\\b`));
    });
  }

  for (const version of versions) {
    it(`${version} is not spoken: alert 70`, async () => {
      const failure = await handshake({ minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }).catch(
        (error: Error) => error,
      );
      expect(failure)
        .to.be.instanceOf(Error)
        .and.to.have.property('message')
        .that.matches(/alert number 70/);
    });
  }

  for (const cipher of ciphers) {
    it(`${cipher} is not spoken: alert 40`, async () => {
      const wish = { maxVersion: 'TLSv1.2', ciphers: `${cipher}:@SECLEVEL=0` } as const;
      const failure = await handshake(wish).catch((error: Error) => error);
      expect(failure)
        .to.be.instanceOf(Error)
        .and.to.have.property('message')
        .that.matches(/alert number 40/);
    });
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`${version} sessions are not resumed, so that every connection is verified anew`, async () => {
      const wish = { minVersion: version, maxVersion: version };
      const first = await handshake(wish);
      const sessions: Buffer[] = [];
      first.on('session', (session) => sessions.push(session));
      first.write(`GET ${PREFIX} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      await once(first, 'data');
      const session = sessions[0] ?? first.getSession();
      first.destroy();
      const second = await handshake({ ...wish, ...(session && { session }) });
      expect(second.isSessionReused()).to.equal(false);
      second.destroy();
      expect(await stack().edge.stat('listener.127.0.0.1_0.ssl.session_reused')).to.equal(0);
    });
  }

  it('a client that renegotiates is cut off', async () => {
    const socket = await handshake({ maxVersion: 'TLSv1.2' });
    const over = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.once('error', () => resolve());
    });
    socket.renegotiate({ rejectUnauthorized: false }, () => {});
    await over;
    socket.destroy();
  });

  it('slow handshakes and slow heads are cut off after 5 s, while others come and go', async () => {
    const since = performance.now();
    const first = await clientHello();
    // One client sends nothing, one only the head of a record, and one a whole first flight and no second.
    const cut = [[], [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3], first].map((bytes) => cutOff(Uint8Array.from(bytes)));
    const slow = await stack().line(stack().issue('slow'));
    slow.write(`GET ${PREFIX}a HTTP/1.1`, 'Host: localhost', 'x-a: ');
    const drip = setInterval(() => slow.write('a'), 500);
    await stack().pair('meanwhile');
    const said = await slow.ended;
    clearInterval(drip);
    expect(said).to.match(/^HTTP\/1\.1 408 .*"reason":"request_invalid"/s);
    await Promise.all(cut);
    expect(performance.now() - since).to.be.within(4_000, SLOW_MS);
  });

  /** Sends these bytes over TCP; resolves when the other end has hung up. */
  function cutOff(bytes: Uint8Array): Promise<void> {
    const socket = connectTcp(stack().port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write(bytes);
    return new Promise((resolve) => socket.once('close', () => resolve()));
  }

  async function refusal(credential: IssuedCertificate | undefined): Promise<Error> {
    try {
      await stack().refused(credential as IssuedCertificate, `${PREFIX}a`);
    } catch (error) {
      return error as Error;
    }
    throw new Error('the handshake was accepted');
  }

  /** A finished handshake with a good certificate. */
  async function handshake(wish: ConnectionOptions): Promise<TLSSocket> {
    const { certificate, key } = stack().issue('x');
    const socket = connect({
      port: stack().port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: stack().ca,
      cert: certificate,
      key,
      ...wish,
    });
    await once(socket, 'secureConnect');
    socket.on('error', () => {});
    return socket;
  }

  /** The first flight of a client that never sends the second. */
  async function clientHello(): Promise<Buffer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    const client = connect({ port: address.port, host: '127.0.0.1', servername: 'localhost' });
    client.on('error', () => {});
    const [socket] = await once(server, 'connection');
    const [bytes] = await once(socket, 'data');
    client.destroy();
    socket.destroy();
    server.close();
    return bytes;
  }
});
