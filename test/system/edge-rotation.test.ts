import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { subject } from '../support/certificate-names.js';
import { WssClient } from '../support/client.js';
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.js';
import { listText, serverFiles, useEdge } from '../support/envoy.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';

const path = '/micronets/v1/ws-proxy/a';
const localhost = subject(['CN', 'localhost']);
/** Milliseconds in which Envoy takes up a renamed file; it needs less than one second. */
const TAKEN_UP_MS = 5_000;

describe('edge: rotation without a restart', () => {
  let dir = '';
  let upstream: EchoUpstream;
  let live: WssClient;
  let gateway: IssuedCertificate;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ws-proxy-rotation-'));
    upstream = await startEchoUpstream(join(dir, 'service.sock'));
  });
  const edge = useEdge(async () => ({ serviceSocket: upstream.path }));
  beforeEach(async () => {
    const { authority, ports } = edge();
    gateway = authority.issue({ subject: subject(['O', 'Acme']), serial: '5a' });
    const options = { ca: authority.certificate, perMessageDeflate: false };
    live = await WssClient.open(`wss://localhost:${ports.peers}${path}`, gateway, options);
  });
  afterEach(() => live.terminate());
  after(async () => {
    await upstream.stop();
    await rm(dir, { recursive: true });
  });

  /** Sends a message to the upstream, which echoes it; resolves with the echo. */
  function echoed(text: string): Promise<string> {
    live.send(text);
    return live.next();
  }

  function until(what: string, probe: () => Promise<boolean>): Promise<true> {
    return waitFor(what, TAKEN_UP_MS, new AbortController().signal, async () => (await probe()) || undefined);
  }

  /** Serial number of the certificate that the edge serves. */
  function served(): Promise<string> {
    return servedSerial(edge().ports.peers, edge().authority.certificate, gateway);
  }

  /** The status of an upgrade, or the alert that refused the handshake. */
  async function attempt(credential: IssuedCertificate): Promise<string> {
    const { ports, authority } = edge();
    const tls = { maxVersion: 'TLSv1.2' } as const;
    const request = { port: ports.peers, ca: authority.certificate, credential, path, tls };
    return sendRaw(request).then(
      ({ status }) => String(status),
      (error: Error) => error.message,
    );
  }

  it('serves a new certificate from the next handshake on and keeps live websockets', async () => {
    const renewed = edge().authority.issue({ subject: localhost, serial: '77' });
    await edge().replace(serverFiles(renewed));
    await until('the new certificate was not served', async () => (await served()) === '77');
    expect(await echoed('still here')).to.equal('still here');
  });

  it('keeps the old certificate while the new one does not fit its key, and takes one that does', async () => {
    const before = await served();
    const [misfit, good] = ['78', '79'].map((serial) => edge().authority.issue({ subject: localhost, serial }));
    if (misfit === undefined || good === undefined) throw new Error('two were issued');
    await edge().replace({ 'server.key.pem': good.key, 'server.cert.pem': misfit.certificate });
    await until('Envoy did not look at the pair', async () => (await edge().stat('.*key_rotation_failed')) > 0);
    expect(await served()).to.equal(before);
    await edge().replace(serverFiles(good));
    await until('the good pair was not served', async () => (await served()) === '79');
  });

  it('refuses a certificate once it is on the renamed revocation list, and others not', async () => {
    const { authority } = edge();
    const revoked = authority.issue({ subject: subject(['O', 'Acme']), serial: '5b' });
    expect(await attempt(revoked)).to.equal('101');
    await edge().replace({ 'root.crl.pem': listText(authority, ['5b']) });
    await until('the revoked certificate was not refused', async () =>
      /alert certificate revoked/.test(await attempt(revoked)),
    );
    expect(await attempt(gateway)).to.equal('101');
    expect(await echoed('not me')).to.equal('not me');
    await edge().replace({ 'root.crl.pem': listText(authority, []) });
    await until('the shorter list was not taken up', async () => (await attempt(revoked)) === '101');
  });
});

function servedSerial(port: number, ca: string, client: IssuedCertificate): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, servername: 'localhost', ca, cert: client.certificate, key: client.key });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().serialNumber.toLowerCase());
      socket.destroy();
    });
  });
}
