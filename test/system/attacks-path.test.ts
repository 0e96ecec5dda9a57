import { once } from 'node:events';
import { expect } from 'chai';
import { MAX_MEETUP_ID_BYTES } from '../../proxy/wire/path.js';
import { PREFIX, useStack } from '../support/stack.js';

/** The path that is sent, and the name of the refusal. */
const refused: readonly (readonly [string, string])[] = [
  [PREFIX, 'meetup_id_invalid'],
  [PREFIX.slice(0, -1), 'meetup_id_invalid'],
  [`${PREFIX}a//b`, 'meetup_id_invalid'],
  [`${PREFIX}/a/b`, 'meetup_id_invalid'],
  [`${PREFIX}a/b/`, 'meetup_id_invalid'],
  [`${PREFIX}a/./b`, 'meetup_id_invalid'],
  [`${PREFIX}a/../b`, 'meetup_id_invalid'],
  [`${PREFIX}../ws-proxy/a/b`, 'meetup_id_invalid'],
  [`${PREFIX}a/b/..`, 'meetup_id_invalid'],
  [`${PREFIX}a\\b`, 'meetup_id_invalid'],
  [`${PREFIX}%61/b`, 'meetup_id_invalid'],
  [`${PREFIX}a%2fb`, 'meetup_id_invalid'],
  [`${PREFIX}a%2Fb`, 'meetup_id_invalid'],
  [`${PREFIX}a%5cb`, 'meetup_id_invalid'],
  [`${PREFIX}a/%2e%2e/b`, 'meetup_id_invalid'],
  [`${PREFIX}a/.%2E/b`, 'meetup_id_invalid'],
  [`${PREFIX}a%252fb`, 'meetup_id_invalid'],
  [`${PREFIX}a%00b`, 'meetup_id_invalid'],
  [`${PREFIX}a%0d%0ab`, 'meetup_id_invalid'],
  [`${PREFIX}a%09b`, 'meetup_id_invalid'],
  [`${PREFIX}a%20b`, 'meetup_id_invalid'],
  [`${PREFIX}a%3fb`, 'meetup_id_invalid'],
  [`${PREFIX}a%zzb`, 'meetup_id_invalid'],
  [`${PREFIX}a%c3%a9b`, 'meetup_id_invalid'],
  [`${PREFIX}a"b`, 'meetup_id_invalid'],
  [`${PREFIX}a<b>`, 'meetup_id_invalid'],
  [`${PREFIX}a{b}`, 'meetup_id_invalid'],
  [`${PREFIX}a^b|c`, 'meetup_id_invalid'],
  [`${PREFIX}a\`b`, 'meetup_id_invalid'],
  [`${PREFIX}${'a'.repeat(MAX_MEETUP_ID_BYTES + 1)}`, 'meetup_id_invalid'],
  [`${PREFIX}a?"`, 'meetup_id_invalid'],
  [`${PREFIX}a#b`, 'request_invalid'],
  [`${PREFIX}a\xe9b`, 'request_invalid'],
  [`${PREFIX}a b`, 'request_invalid'],
  [`${PREFIX}a\x00b`, 'request_invalid'],
  [`https://localhost${PREFIX}a`, 'not_found'],
  [`//localhost${PREFIX}a`, 'not_found'],
  [`/${PREFIX}a`, 'not_found'],
  ['/', 'not_found'],
  ['*', 'not_found'],
  ['/micronets/v1/ws-proxyX/a', 'not_found'],
  ['/micronets/v1/WS-PROXY/a', 'not_found'],
  ['/micronets/v1//ws-proxy/a', 'not_found'],
  ['/micronets/v2/ws-proxy/a', 'not_found'],
  ['/micronets/v1/x/../ws-proxy/a', 'not_found'],
  ['/livez', 'not_found'],
  ['/metrics', 'not_found'],
];

/** Paths that are all different meetups. */
const distinct = ['a/b', 'A/b', 'a;x=1/b', 'a/b?x', 'a/b?x=%41', 'a/b?x=A', 'a/b?../..', 'a.b', 'a/...', '~a!', "a'b"];

describe('attacks: path confusion', () => {
  const stack = useStack(() => ({}));

  for (const [path, reason] of refused) {
    it(`${JSON.stringify(path)} is refused: ${reason}`, async () => {
      expect(await stack().refused(stack().issue('x'), path)).to.include({ reason });
    });
  }

  it('no two spellings are one meetup: whoever comes to another one waits', async () => {
    const peer = stack().issue('peer');
    const clients = await Promise.all(distinct.map((id) => stack().open(peer, id)));
    for (const [at, client] of clients.entries()) client.hello(`peer ${at}`);
    const partners = await Promise.all(distinct.map((id) => stack().open(peer, id)));
    for (const [at, client] of partners.entries()) client.hello(`partner ${at}`);
    const heard = await Promise.all(clients.map((client) => client.next()));
    for (const [at, message] of heard.entries()) expect(message).to.contain(`"partner ${at}"`);
  });

  it('what is no upgrade of version 13 is refused: upgrade_required', async () => {
    const peer = stack().issue('x');
    const plain = await stack().refused(peer, `${PREFIX}a`, { upgrade: false });
    expect(plain).to.include({ status: 426, reason: 'upgrade_required' });
    const post = await stack().refused(peer, `${PREFIX}a`, { method: 'POST', headers: ['Content-Length: 0'] });
    expect(post).to.include({ status: 426, reason: 'upgrade_required' });
  });

  it('a web page of another site, with the certificate of its visitor: origin_denied', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      'file://',
      'https://localhost.evil.example',
      'https://localhost:1',
      '',
    ]) {
      const told = await stack().refused(stack().issue('x'), `${PREFIX}a`, { headers: [`Origin: ${origin}`] });
      expect(told).to.include({ status: 403, reason: 'origin_denied', retry: 'never' });
    }
  });

  it('a program that sends the Origin of the address it dials is let in', async () => {
    for (const origin of ['https://localhost', 'http://localhost', 'https://LOCALHOST:443']) {
      const { ws } = await stack().open(stack().issue('x'), 'a', { headers: { host: 'localhost', origin } });
      ws.terminate();
    }
  });

  it('a flood of refused upgrades puts the service out for nobody: no ejection, no 5xx', async () => {
    const peer = stack().issue('x');
    for (let round = 0; round < 20; round += 1) {
      const told = await Promise.all(Array.from({ length: 10 }, () => stack().refused(peer, `${PREFIX}a/?`)));
      expect(told.every(({ status }) => status === 400)).to.equal(true);
    }
    const direct = Array.from({ length: 50 }, () =>
      stack().refused(peer, `${PREFIX}a`, { headers: ['Sec-WebSocket-Version: 7'] }),
    );
    for (const { status } of await Promise.all(direct)) expect(status).to.be.within(400, 499);
    expect(await stack().edge.stat('cluster.rendezvous.membership_healthy')).to.equal(1);
    const client = await stack().open(peer, 'a');
    client.ws.close();
    await once(client.ws, 'close');
  });
});
