import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type SecureVersion } from 'node:tls';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { subject } from '../support/certificate-names.js';
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.js';
import { useEdge } from '../support/envoy.js';
import { type IssuedCertificate, RawAuthority } from '../support/raw-authority.js';
import { type RawAnswer, type RawRequest, sendRaw } from '../support/raw-request.js';

const path = '/micronets/v1/ws-proxy/a';
const acme = subject(['O', 'Acme']);

describe('edge: handshake', () => {
  let dir = '';
  let upstream: EchoUpstream;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ws-proxy-handshake-'));
    upstream = await startEchoUpstream(join(dir, 'service.sock'));
  });
  const edge = useEdge(async () => ({ serviceSocket: upstream.path }));
  after(async () => {
    await upstream.stop();
    await rm(dir, { recursive: true });
  });

  function send(request: Partial<RawRequest>, credential?: IssuedCertificate): Promise<RawAnswer> {
    const { ports, authority } = edge();
    const identified = credential === undefined ? {} : { credential };
    return sendRaw({ port: ports.peers, ca: authority.certificate, path, ...identified, ...request });
  }

  async function refusalOf(request: Partial<RawRequest>, credential?: IssuedCertificate): Promise<string> {
    const answer = await send(request, credential).catch((error: Error) => error);
    if (!(answer instanceof Error)) throw new Error(`it was answered with ${answer.status}`);
    return answer.message;
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`accepts a subject of O= alone over ${version}`, async () => {
      const tls = { minVersion: version, maxVersion: version };
      expect((await send({ tls }, edge().authority.issue({ subject: acme }))).status).to.equal(101);
    });

    it(`issues no session that could skip the next check over ${version}`, async () => {
      const credential = edge().authority.issue({ subject: acme });
      expect(await sessionsOffered(edge().ports.peers, edge().authority.certificate, credential, version)).to.equal(0);
    });
  }

  // TLS 1.2 tells the client in the handshake itself; in 1.3 the alert comes after it.
  const tls = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

  it('refuses a client without a certificate', async () => {
    expect(await refusalOf({ tls })).to.match(/alert (certificate required|handshake failure)/);
    await refusalOf({});
  });

  it("refuses another authority's certificate, even one of the same name", async () => {
    const other = new RawAuthority(subject(['CN', 'Other Root'])).issue({ subject: acme });
    expect(await refusalOf({ tls }, other)).to.match(/alert unknown ca/);
    const namesake = new RawAuthority().issue({ subject: acme });
    expect(await refusalOf({ tls }, namesake)).to.match(/alert (unknown ca|decrypt error|bad certificate)/);
    await refusalOf({}, other);
  });

  it('refuses a certificate that has expired', async () => {
    const expired = edge().authority.issue({ subject: acme, notAfter: new Date(Date.now() - 60_000) });
    expect(await refusalOf({ tls }, expired)).to.match(/alert certificate expired/);
    await refusalOf({}, expired);
  });

  it('refuses TLS 1.1', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    const credential = edge().authority.issue({ subject: acme });
    expect(await refusalOf({ tls: old }, credential)).to.match(/alert protocol version/);
  });

  it('refuses ciphers without forward secrecy or without authenticated encryption', async () => {
    const credential = edge().authority.issue({ subject: acme });
    for (const ciphers of ['AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384']) {
      expect(await refusalOf({ tls: { ...tls, ciphers } }, credential)).to.match(/alert handshake failure/);
    }
  });

  it('logs why a handshake failed, as one JSON line', async () => {
    await refusalOf({ tls }, new RawAuthority().issue({ subject: subject(['CN', 'log-"me"\n']) }));
    const line = await waitFor('no line in the log', 5_000, new AbortController().signal, async () =>
      (await edge().logs()).split('\n').find((one) => one.includes('handshake') && one.includes('log-')),
    );
    const entry = JSON.parse(line);
    expect(entry).to.include({ kind: 'handshake', listener: 'peers', server_name: 'localhost' });
    expect(entry.failure).to.match(/CERTIFICATE_VERIFY_FAILED/);
  });
});

/** Number of sessions that the server offers on a connection that gets an answer. */
async function sessionsOffered(
  port: number,
  ca: string,
  issued: IssuedCertificate,
  version: SecureVersion,
): Promise<number> {
  const identity = { cert: issued.certificate, key: issued.key };
  const socket = connect({ port, servername: 'localhost', ca, ...identity, minVersion: version, maxVersion: version });
  let sessions = 0;
  socket.on('session', () => {
    sessions += 1;
  });
  await once(socket, 'secureConnect');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  socket.destroy();
  return sessions;
}
