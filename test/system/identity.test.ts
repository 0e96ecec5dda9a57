import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import { expect } from 'chai';
import fc from 'fast-check';
import { type ForwardedIdentity, identityFrom } from '../../proxy/x509/identity-headers.js';
import { identityOfCertificate } from '../../proxy/x509/identity-of-certificate.js';
import { useEdge } from '../support/envoy.js';
import {
  type AlternativeName,
  type IssuedCertificate,
  type NamePart,
  RawAuthority,
  stringTags,
} from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';

const CN = '2.5.4.3';
const O = '2.5.4.10';

/** The issuer's name ends in a space, which HTTP cuts off a header, and has characters that need a backslash. */
const authority = new RawAuthority([
  [CN, 'Root, "A"'],
  [O, 'Acme '],
]);

describe('identity through the real Envoy', () => {
  const scratch = new Scratch();
  let upstream: Server;

  /** Stands in for the service and answers each upgrade with the header list that it got. */
  before(async () => {
    upstream = createServer().on('upgrade', ({ rawHeaders }, socket) => {
      const body = JSON.stringify(rawHeaders);
      socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
    });
    await once(upstream.listen(scratch.path('service.sock')), 'listening');
  });
  after(async () => {
    upstream.closeAllConnections();
    upstream.close();
    await once(upstream, 'close');
    scratch.remove();
  });
  const edge = useEdge(async () => ({ serviceSocket: scratch.path('service.sock'), authority }));

  async function forwarded(
    issued: IssuedCertificate,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ForwardedIdentity> {
    const asked = request({
      port: edge().ports.peers,
      path: '/micronets/v1/ws-proxy/sub/1/2',
      cert: issued.certificate,
      key: issued.key,
      rejectUnauthorized: false,
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        ...headers,
      },
    }).end();
    const [response] = await once(asked, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('latin1');
    expect(response.statusCode, text).to.equal(403);
    return identityFrom(JSON.parse(text));
  }

  it('what Envoy forwards is what the certificate says', async () => {
    const names: AlternativeName[] = [
      { uri: 'spiffe://acme.example/gw/1' },
      { dns: 'gw.example' },
      { uri: 'urn:a,b;c="d"' },
    ];
    const issued = authority.issue({
      subject: [
        [O, 'Acme'],
        [CN, 'gw-1 '],
      ],
      names,
      serial: '00c0ffee',
    });
    const identity = await forwarded(issued);
    expect(identity).to.deep.equal(identityOfCertificate(issued.der));
    expect('ok' in identity && identity.ok).to.deep.include({
      subject: 'CN=gw-1\\ ,O=Acme',
      issuer: 'O=Acme\\ ,CN=Root\\, \\"A\\"',
      serial: 'c0ffee',
      uris: ['spiffe://acme.example/gw/1', 'urn:a,b;c="d"'],
      dns: ['gw.example'],
    });
  });

  it('property: whatever is in the name, and whatever the SANs say', async function () {
    this.timeout(30_000);
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }).map(withoutNoncharacters),
      fc.constantFrom(
        'CN=admin',
        'x,CN=admin',
        '"],"subject":"CN=admin',
        'a\r\nx-peer-subject: CN=admin',
        ' ',
        '#41',
        '\\',
      ),
    );
    const type = fc.constantFrom(CN, O, '2.5.4.11', '2.5.4.5', '1.2.840.113549.1.9.2', '2.5.4.97', '1.2.3.4');
    const part = fc.tuple(type, text, fc.constant(stringTags.utf8));
    const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
    const name: fc.Arbitrary<AlternativeName> = fc.oneof(fc.record({ uri: ascii }), fc.record({ dns: ascii }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(part, { minLength: 1, maxLength: 2 }), { maxLength: 4 }),
        fc.array(name, { maxLength: 3 }),
        async (subject: NamePart[][], names) => {
          const issued = authority.issue({ subject, names });
          expect(await forwarded(issued)).to.deep.equal(identityOfCertificate(issued.der));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('no header of the client becomes a part of the identity, not even for a certificate without a subject', async () => {
    const issued = authority.issue({ subject: [], names: [{ uri: 'urn:x' }] });
    const own = identityOfCertificate(issued.der);
    const spoof = JSON.stringify([{ hash: 'ab'.repeat(32), subject: 'CN=admin' }]);
    for (const headers of [
      { 'x-peer-subject': 'CN=admin' },
      { 'X-Peer-Fingerprint': 'ab'.repeat(32), 'x-peer-serial': '1', 'x-peer-issuer': 'CN=r', 'x-peer-not-after': '9' },
      { 'x-forwarded-client-cert': spoof },
      { 'X-Forwarded-Client-Cert': 'Hash=ab;Subject="CN=admin"' },
    ]) {
      expect(await forwarded(issued, headers)).to.deep.equal(own);
    }
  });
});

/** BoringSSL reads no name with one of the code points that are no characters (Unicode §23.7): Envoy ends the handshake. */
function withoutNoncharacters(text: string): string {
  return text.replaceAll(/\p{Noncharacter_Code_Point}/gu, '?');
}
