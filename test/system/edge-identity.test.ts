import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { identityFrom } from '../../proxy/x509/identity-headers.js';
import { subject } from '../support/certificate-names.js';
import { decodeSeen, type EchoRecord, type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.js';
import { useEdge } from '../support/envoy.js';
import type { CertificateWish, IssuedCertificate } from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';

/** Every header that only the edge may write, with an admin's name in it. */
const claims = [
  'x-peer-subject: CN=admin',
  'X-Peer-Subject: CN=admin',
  'x-peer-issuer: CN=admin',
  'x-peer-serial: 1',
  `x-peer-fingerprint: ${'a'.repeat(64)}`,
  'x-peer-not-after: 99999999999',
  'x-peer-anything: CN=admin',
  'x-forwarded-client-cert: [{"hash":"a","subject":"CN=admin"}]',
  'X-Forwarded-Client-Cert: Hash=a;Subject="CN=admin"',
  'x-forwarded-for: 203.0.113.7',
  'x-forwarded-proto: http',
  'x-forwarded-host: evil.example',
  'forwarded: for=203.0.113.7',
  'x-real-ip: 203.0.113.7',
  'client-cert: :AAAA:',
  'client-cert-chain: :AAAA:',
  'x-envoy-upstream-rq-timeout-ms: 1',
  'x-envoy-external-address: 203.0.113.7',
  'x-envoy-force-trace: true',
  'x-ws-proxy-hop: evil-1',
  'X-Ws-Anything: evil',
  'x-request-id: mine',
  'x-client-trace-id: mine',
  'traceparent: 00-11111111111111111111111111111111-2222222222222222-01',
  'tracestate: a=b',
  'baggage: a=b',
];

describe('edge: identity', () => {
  let dir = '';
  let upstream: EchoUpstream;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ws-proxy-identity-'));
    upstream = await startEchoUpstream(join(dir, 'service.sock'));
  });
  const edge = useEdge(async () => ({ serviceSocket: upstream.path }));
  after(async () => {
    await upstream.stop();
    await rm(dir, { recursive: true });
  });

  async function seenBy(credential: IssuedCertificate, headers: readonly string[] = []): Promise<EchoRecord> {
    const { ports, authority } = edge();
    const path = '/micronets/v1/ws-proxy/a';
    const answer = await sendRaw({ port: ports.peers, ca: authority.certificate, credential, path, headers });
    expect(answer.status).to.equal(101);
    return decodeSeen(answer.headers.get('x-seen') ?? '');
  }

  const wishes: [string, CertificateWish][] = [
    ['O= only, as deployed ones are', { subject: subject(['O', 'Acme']) }],
    ['no subject at all', { subject: [], names: [{ dns: 'gw.example' }] }],
    [
      'a name, a URI and a DNS SAN',
      {
        subject: subject(['O', 'Acme'], ['CN', 'gw-1']),
        names: [{ uri: 'spiffe://acme.example/gw/1' }, { dns: 'gw-1.example' }],
      },
    ],
    ['quotes and separators in the subject', { subject: subject(['O', 'a",CN=admin;x="\\'], ['CN', 'é\r\n']) }],
    [
      'a URI SAN that looks like a subject',
      {
        subject: subject(['CN', 'nobody']),
        names: [{ uri: 'urn:x;Subject="CN=admin",By=y' }],
      },
    ],
  ];

  for (const [what, wish] of wishes) {
    it(`tells the service the certificate's own word alone: ${what}`, async () => {
      const credential = edge().authority.issue({ serial: '5a', ...wish });
      const certificate = new X509Certificate(credential.certificate);
      const { headers } = await seenBy(credential, claims);
      expect(JSON.stringify(headers)).not.to.match(/"CN=admin"|203\.0\.113\.7|evil|mine|tracestate|baggage/);
      expect(headers['x-peer-fingerprint']).to.deep.equal([
        certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
      ]);
      expect(headers['x-peer-serial']).to.deep.equal(['5a']);
      expect(headers['x-peer-not-after']).to.deep.equal([String(Date.parse(certificate.validTo) / 1000)]);
      expect(headers['x-peer-issuer']).to.deep.equal(['CN=Test Root']);
      expect(headers['x-peer-subject']).to.have.length(1);
      expect(headers['x-forwarded-client-cert']).to.have.length(1);
      expect(headers['x-forwarded-for']).to.deep.equal(['127.0.0.1']);
      expect(headers['x-forwarded-proto']).to.deep.equal(['https']);
      const others = Object.keys(headers).filter((name) =>
        /^(x-peer-|x-envoy-|x-ws-|client-|trace|forwarded)/.test(name),
      );
      expect(others.sort()).to.deep.equal(
        ['fingerprint', 'issuer', 'not-after', 'serial', 'subject'].map((name) => `x-peer-${name}`),
      );
      const read = identityFrom(
        Object.entries(headers).flatMap(([name, values]) => values.flatMap((one) => [name, one])),
      );
      if (!('ok' in read)) throw new Error(read.detail);
      expect(read.ok.uris).to.deep.equal((wish.names ?? []).flatMap((name) => ('uri' in name ? [name.uri] : [])));
      expect(read.ok.dns).to.deep.equal((wish.names ?? []).flatMap((name) => ('dns' in name ? [name.dns] : [])));
      expect(read.ok.fields.some(({ type, value }) => type === 'CN' && value === 'admin')).to.equal(false);
    });
  }
});
