import { expect } from 'chai';
import { hello } from '../support/fixtures.js';
import type { RawRequest } from '../support/raw-request.js';
import { sendRaw } from '../support/raw-request.js';
import { PREFIX, useStack } from '../support/stack.js';

const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const VERSION = 'Sec-WebSocket-Version: 13';

/** Headers of programs in the field; every set is a good upgrade (RFC 6455 §4.1). */
const upgrades: readonly (readonly [who: string, request: Partial<RawRequest>])[] = [
  [
    'Firefox and curl',
    { upgrade: false, headers: ['Connection: keep-alive, Upgrade', 'Upgrade: websocket', KEY, VERSION] },
  ],
  ['.NET', { upgrade: false, headers: ['Connection: Upgrade,Keep-Alive', 'Upgrade: WebSocket', KEY, VERSION] }],
  [
    'small devices',
    {
      upgrade: false,
      headers: [
        'connection:upgrade',
        'upgrade:WEBSOCKET',
        KEY.toLowerCase().replace(/:.*/, KEY.slice(17)),
        'sec-websocket-version:13',
      ],
    },
  ],
  ['one that sends a length', { headers: ['Content-Length: 0'] }],
  ['one that has header names with _', { headers: ['X_Device_Id: 7', 'user_id: a'] }],
  [
    'one that offers extensions of its own',
    { headers: ['Sec-WebSocket-Extensions: x-webkit-deflate-frame, permessage-bzip2; a=1;;'] },
  ],
  ['one with credentials for somebody else', { headers: ['Authorization: Bearer x', 'Cookie: a=b; c=d'] }],
  ['one that dials a name with a final dot', { host: 'proxy.example.com.:5050' }],
  ['one that dials an address', { host: '[::1]:5050' }],
];

/** The offered subprotocols, and the accepted one. */
const offers: readonly (readonly [offered: string, agreed: string | undefined])[] = [
  ['micronets', 'micronets'],
  ['mqtt, wamp.2.json', 'mqtt'],
  ['a,a', 'a'],
  [' , a', 'a'],
  ['bad token, a', undefined],
  ['', undefined],
];

describe('what real clients send', () => {
  const stack = useStack(() => ({}));

  function send(request: Partial<RawRequest>) {
    const { port, ca } = stack();
    return sendRaw({ port, ca, credential: stack().issue('x'), path: `${PREFIX}a`, ...request });
  }

  for (const [who, request] of upgrades) {
    it(`${who}: let in`, async () => {
      const { status, body } = await send(request);
      expect(status, body).to.equal(101);
    });
  }

  for (const [offered, agreed] of offers) {
    it(`[REFUSE-5] of the subprotocols ${JSON.stringify(offered)}: ${agreed ?? 'none'}`, async () => {
      const { status, headers } = await send({ headers: [`Sec-WebSocket-Protocol: ${offered}`] });
      expect([status, headers.get('sec-websocket-protocol')]).to.deep.equal([101, agreed]);
    });
  }

  it('[REFUSE-5] peers that agreed to different subprotocols, or to none, are a pair', async () => {
    const one = await stack().open(stack().issue('one'), 'pair', {}, ['graphql-ws', 'x']);
    const two = await stack().open(stack().issue('two'), 'pair');
    expect([one.ws.protocol, two.ws.protocol]).to.deep.equal(['graphql-ws', '']);
    one.hello('one');
    two.hello('two');
    await Promise.all([one.next(), two.next()]);
  });

  it('[HELLO-2] a HELLO in a binary frame is taken, and the other peer gets it as text', async () => {
    const one = await stack().open(stack().issue('one'), 'binary');
    const two = await stack().open(stack().issue('two'), 'binary');
    const kinds = [one, two].map(
      ({ ws }) => new Promise((resolve) => ws.once('message', (_, binary) => resolve(binary))),
    );
    one.send(Buffer.from(hello('one')));
    two.send(Buffer.from(hello('two')));
    expect(await Promise.all([one.next(), two.next()])).to.deep.equal([hello('two'), hello('one')]);
    expect(await Promise.all(kinds)).to.deep.equal([false, false]);
  });
});
