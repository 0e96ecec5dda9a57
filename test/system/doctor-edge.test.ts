import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { pem } from '../support/der-writer.js';
import { doctor, type Examined, expectFaults, filesOf } from '../support/doctor.js';
import { listText, startEdge, type TestEdge, type TestEdgePlan } from '../support/envoy.js';
import { type CertificateWish, RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { PREFIX } from '../support/stack.js';

const DAY = 86_400_000;
const authority = new RawAuthority();
const localhost = { subject: [], names: [{ dns: 'localhost' }] } as const;

describe('doctor at an Envoy with other files, and at a server that is none', function () {
  this.timeout(30_000);
  let scratch: Scratch;
  let edge: TestEdge | undefined;
  let server: Server | undefined;
  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(async () => {
    await edge?.stop();
    edge = undefined;
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    scratch.remove();
  });

  const own = authority.issue({ subject: [['2.5.4.3', 'gw-1']], serial: '77' });

  /** Looks at an Envoy that shows this certificate, with nobody behind it. */
  async function lookAt(wish: Partial<CertificateWish>, settings: TestEdgePlan['settings'] = {}): Promise<Examined> {
    const issued = authority.issue({ ...localhost, ...wish });
    mkdirSync(scratch.path('own'));
    const serverCertificate = scratch.write('own/server.cert.pem', issued.certificate);
    const serverKey = scratch.write('own/server.key.pem', issued.key);
    const serviceSocket = scratch.path('nobody.sock');
    edge = await startEdge({ authority, serviceSocket, settings: { serverCertificate, serverKey, ...settings } });
    return dial(edge.ports.peers);
  }

  function dial(port: number): Promise<Examined> {
    const files = filesOf(scratch, own, authority.certificate);
    return doctor([`wss://localhost:${port}${PREFIX}sub/7/gw-1`, ...files]);
  }

  it('with the service away: what cannot be seen is said not to be seen', async () => {
    const found = await lookAt({});
    expectFaults(found, {});
    expect(found.findings.get('peer.forged-headers')?.what).to.match(/answers unavailable before it looks/);
    expect(found.of('warning')).to.deep.equal(['peer.access']);
    expect(found.findings.get('peer.access')?.what).to.match(/unavailable/);
  });

  it('with a certificate that expired', async () => {
    const span = { notBefore: new Date(Date.now() - 3 * DAY), notAfter: new Date(Date.now() - DAY) };
    expectFaults(await lookAt(span), { 'peer.server-expiry': /expired at/ });
  });

  it('with one that begins later', async () => {
    const span = { notBefore: new Date(Date.now() + DAY), notAfter: new Date(Date.now() + 3 * DAY) };
    expectFaults(await lookAt(span), { 'peer.server-expiry': /begins at .*the clock here says/ });
  });

  it('with one that is nearly over', async () => {
    const span = { notBefore: new Date(Date.now() - 80 * DAY), notAfter: new Date(Date.now() + 10 * DAY) };
    const found = await lookAt(span);
    expect(found.findings.get('peer.server-expiry')).to.include({ status: 'warning' });
    expectFaults(found, {});
  });

  it('with one for another name', async () => {
    const found = await lookAt({ names: [{ dns: 'proxy.example.com' }] });
    expectFaults(found, { 'peer.server-name': /not for localhost but for DNS:proxy\.example\.com/ });
  });

  it('where our certificate is revoked', async () => {
    mkdirSync(scratch.path('trust'));
    const clientCrl = scratch.write('trust/root.crl.pem', listText(authority, ['77']));
    expectFaults(await lookAt({}, { clientCrl }), { 'peer.accepted': /revoked|broke off/ });
  });

  it('where the revocation list is stale', async () => {
    mkdirSync(scratch.path('trust'));
    const times = { thisUpdate: new Date(Date.now() - 3 * DAY), nextUpdate: new Date(Date.now() - DAY) };
    const clientCrl = scratch.write('trust/root.crl.pem', pem('X509 CRL', authority.revoke({ serials: [], ...times })));
    const found = await lookAt({}, { clientCrl });
    expectFaults(found, { 'peer.accepted': /./ });
    expect(found.findings.get('peer.accepted')?.do).to.match(/revocation list|Envoy has against it/);
  });

  it('that is a web server whose clock is 400 days ahead', async () => {
    const { certificate: cert, key } = authority.issue(localhost);
    server = createServer({ cert, key }, (_, response) => {
      response.sendDate = false;
      response.setHeader('Date', new Date(Date.now() + 400 * DAY).toUTCString());
      response.end('<html>');
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const found = await dial((server.address() as AddressInfo).port);
    expectFaults(found, {
      'peer.port': /answers HTTP 200, and not as a ws-proxy/,
      'peer.clock': /the clock here is 345\d{5} s behind/,
    });
  });
});
