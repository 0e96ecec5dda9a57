import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { subject } from '../support/certificate-names.js';
import { decodeSeen, type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.js';
import { useEdge } from '../support/envoy.js';
import { RawAuthority } from '../support/raw-authority.js';
import { type RawAnswer, type RawRequest, sendRaw } from '../support/raw-request.js';

describe('edge: paths', () => {
  let dir = '';
  let upstream: EchoUpstream;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ws-proxy-path-'));
    upstream = await startEchoUpstream(join(dir, 'service.sock'));
  });
  const authority = new RawAuthority();
  const credential = authority.issue({ subject: subject(['O', 'Acme']) });
  const edge = useEdge(async () => ({ serviceSocket: upstream.path, authority }));
  after(async () => {
    await upstream.stop();
    await rm(dir, { recursive: true });
  });

  function send(request: Partial<RawRequest> & { path: string }): Promise<RawAnswer> {
    return sendRaw({ port: edge().ports.peers, ca: authority.certificate, credential, ...request });
  }

  for (const id of ['a', 'sub/8675309/00224dd149bb', 'a;x=1/b', 'a/.../b', '.a/~b', "!$&'()*+,;=:@-._~", 'A/b']) {
    it(`passes ${id} as it is`, async () => {
      const answer = await send({ path: MEETUP_PREFIX + id });
      expect(answer.status).to.equal(101);
      expect(decodeSeen(answer.headers.get('x-seen') ?? '').path).to.equal(MEETUP_PREFIX + id);
    });
  }

  for (const query of ['?', '?x=1', '?a=b&c=%2f', '?x=/../y//z']) {
    it(`passes the query string ${query} as it is: it is part of the meetup id`, async () => {
      const answer = await send({ path: `${MEETUP_PREFIX}a/b${query}` });
      expect(answer.status).to.equal(101);
      expect(decodeSeen(answer.headers.get('x-seen') ?? '').path).to.equal(`${MEETUP_PREFIX}a/b${query}`);
    });
  }

  for (const id of [
    ...['', '/', 'a/', '/a', 'a//b', '.', '..', './a', '../a', 'a/.', 'a/..', 'a/./b', 'a/../b', '../../../x'],
    ...['a%2fb', 'a%5cb', '%2e%2e/b', 'a/%2E/b', '%61/b', '%00', '%0d%0a', '%252e', '%zz', '%c3%a9', 'a\\b'],
    ...['a{b', 'a|b', 'a^b', 'a"b', 'a<b', 'a`b', 'a[b]'],
  ]) {
    it(`refuses ${JSON.stringify(id)} with meetup_id_invalid`, async () => {
      const answer = await send({ path: MEETUP_PREFIX + id });
      expect(answer.status).to.equal(400);
      expect(answer.headers.get('content-type')).to.equal('application/json');
      expect(JSON.parse(answer.body).error.reason).to.equal('meetup_id_invalid');
    });
  }

  for (const id of ['a#f', 'a b', 'a\u00e9', 'a\tb']) {
    it(`refuses ${JSON.stringify(id)}, which is no request line, with 400`, async () => {
      expect((await send({ path: MEETUP_PREFIX + id })).status).to.equal(400);
    });
  }

  for (const path of [
    '/',
    '/x',
    '/micronets/v1/ws-proxyX/a',
    '/Micronets/v1/ws-proxy/a',
    '//micronets/v1/ws-proxy/a',
    '/micronets/v1/x/../ws-proxy/a',
    '/healthz',
  ]) {
    it(`answers ${path} with not_found`, async () => {
      const answer = await send({ path });
      expect(answer.status).to.equal(404);
      expect(JSON.parse(answer.body).error.reason).to.equal('not_found');
    });
  }

  it('answers a request without an upgrade, and one that is no GET, with upgrade_required', async () => {
    for (const request of [{ upgrade: false }, { method: 'POST' }]) {
      const answer = await send({ path: `${MEETUP_PREFIX}a`, ...request });
      expect(answer.status).to.equal(426);
      expect(answer.headers.get('sec-websocket-version')).to.equal('13');
      expect(JSON.parse(answer.body).error.reason).to.equal('upgrade_required');
    }
  });

  it('passes an Origin: the service judges it', async () => {
    const answer = await send({ path: `${MEETUP_PREFIX}a`, headers: ['Origin: https://evil.example'] });
    expect(answer.status).to.equal(101);
    expect(decodeSeen(answer.headers.get('x-seen') ?? '').headers)
      .to.have.property('origin')
      .that.deep.equals(['https://evil.example']);
  });

  it('drops a header whose name has _, and lets the request in', async () => {
    const answer = await send({
      path: `${MEETUP_PREFIX}a`,
      headers: ['x_peer_subject: CN=admin', 'device_id: 7', 'device-id: 7'],
    });
    expect(answer.status).to.equal(101);
    const names = Object.keys(decodeSeen(answer.headers.get('x-seen') ?? '').headers);
    expect(names).to.include('device-id');
    expect(names.filter((name) => name.includes('_'))).to.deep.equal([]);
  });

  it('refuses more than 16 KiB or 64 fields of headers with 431', async () => {
    const fields = Array.from({ length: 70 }, (_, index) => `a${index}: b`);
    for (const headers of [[`big: ${'x'.repeat(17_000)}`], fields]) {
      expect((await send({ path: `${MEETUP_PREFIX}a`, headers })).status).to.equal(431);
    }
  });

  it('refuses two lengths, and a length beside chunks, with 400', async () => {
    for (const headers of [
      ['Content-Length: 0', 'Content-Length: 1'],
      ['Content-Length: 3', 'Transfer-Encoding: chunked'],
    ]) {
      expect((await send({ path: `${MEETUP_PREFIX}a`, headers })).status).to.equal(400);
    }
  });
});
