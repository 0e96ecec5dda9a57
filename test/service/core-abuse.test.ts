import { expect } from 'chai';
import { type EndingLabel, endings } from '../../proxy/wire/close.js';
import { CoreClient, frame, RawClient } from '../support/core-client.js';
import { CoreServer } from '../support/core-server.js';
import { hello } from '../support/fixtures.js';

const LIMIT = 10_000;
const FRAGMENTS = 8;

/** Frames that break a rule of RFC 6455 or of ours, and the label of the ending. */
const ABUSES: readonly (readonly [string, EndingLabel, readonly Buffer[]])[] = [
  ['[CLOSE-8] an unmasked frame', 'protocol_error', [Buffer.from([0x82, 0x01, 0x00])]],
  ['[CLOSE-8] a reserved opcode', 'protocol_error', [frame(0x83)]],
  ['[CLOSE-8] a reserved control opcode', 'protocol_error', [frame(0x8b)]],
  ['[CLOSE-8] RSV1 without permessage-deflate', 'protocol_error', [frame(0xc1, 'x')]],
  ['[CLOSE-8] RSV2', 'protocol_error', [frame(0xa1, 'x')]],
  ['[CLOSE-8] a continuation of nothing', 'protocol_error', [frame(0x80, 'x')]],
  ['[CLOSE-8] a message inside a message', 'protocol_error', [frame(0x01, 'x'), frame(0x81, 'y')]],
  ['[CLOSE-8] a ping in fragments', 'protocol_error', [frame(0x09, 'x')]],
  ['[CLOSE-8] a ping of 126 bytes', 'protocol_error', [frame(0x89, Buffer.alloc(126))]],
  ['[CLOSE-8] a close frame with half a code', 'protocol_error', [frame(0x88, Buffer.from([3]))]],
  ['[CLOSE-8] a close frame with a code that may not be sent', 'protocol_error', [frame(0x88, Buffer.from([3, 0xee]))]],
  ['[CLOSE-8] text that is not UTF-8', 'invalid_utf8', [frame(0x81, Buffer.from([0xc3, 0x28]))]],
  ['[CLOSE-8] a cut character at the end of the text', 'invalid_utf8', [frame(0x81, Buffer.from([0xe2, 0x82]))]],
  ['[CLOSE-8] a surrogate in UTF-8', 'invalid_utf8', [frame(0x81, Buffer.from([0xed, 0xa0, 0x80]))]],
  ['[CLOSE-8] a close reason that is not UTF-8', 'invalid_utf8', [frame(0x88, Buffer.from([3, 0xe8, 0xff]))]],
  ['[RELAY-3] a message over the limit', 'message_too_big', [frame(0x82, Buffer.alloc(LIMIT + 1))]],
  [
    '[RELAY-3] fragments that together are over the limit',
    'message_too_big',
    [frame(0x02, Buffer.alloc(LIMIT)), frame(0x80, 'x')],
  ],
  ['[RELAY-3] a frame that announces 1 TiB', 'message_too_big', [announce(256, 0)]],
  ['[RELAY-3] a frame that announces 2⁶³ - 1 bytes', 'message_too_big', [announce(0x7fffffff, 0xffffffff)]],
  [
    '[RELAY-3] a message in too many fragments',
    'too_many_fragments',
    [frame(0x02), ...Array.from({ length: FRAGMENTS }, () => frame(0x00, 'x'))],
  ],
];

describe('abuse over real sockets', () => {
  let server: CoreServer;
  beforeEach(async () => {
    server = await CoreServer.start({ maxMessageBytes: LIMIT, maxFragments: FRAGMENTS, closeTimeout: 200 });
  });
  afterEach(() => server.stop());

  for (const [name, label, bytes] of ABUSES) {
    it(`${name} ends with ${label}, at once and in the words of the table`, async () => {
      const victim = await CoreClient.join(server, 'm', 'victim');
      const raw = await RawClient.connect(server, 'm');
      void raw.write(frame(0x81, hello('raw')));
      await victim.next();
      void raw.write(...bytes);
      expect(await raw.closeFrame()).to.deep.equal({ code: endings[label].code, reason: endings[label].text });
      expect(await victim.closed).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });
      expect(await server.ended(2)).to.deep.equal([label, 'peer_disconnected']);
    });
  }

  it('[CLOSE-8] the other is told without waiting for the one that broke a rule and says no more', async () => {
    await server.stop();
    server = await CoreServer.start({ closeTimeout: 3_600_000 });
    const victim = await CoreClient.join(server, 'm', 'victim');
    const raw = await RawClient.connect(server, 'm');
    void raw.write(frame(0x81, hello('raw')), frame(0x83));
    expect((await victim.closed).code).to.equal(1002);
    raw.cut();
  });

  it('[LIVE-5] a peer that pings gets pongs, and stays', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    for (let number = 0; number < 200; number += 1) {
      const pong = new Promise((resolve) => one.ws.once('pong', (data) => resolve(data.toString())));
      one.ws.ping(`${number}`);
      expect(await pong).to.equal(`${number}`);
    }
    two.ws.send('still here');
    expect((await one.next()).data.toString()).to.equal('still here');
  });

  it('[LIVE-5] a flood of pings is cut, by its name, and the other is told', async () => {
    const victim = await CoreClient.join(server, 'm', 'victim');
    const raw = await RawClient.connect(server, 'm');
    void raw.write(frame(0x81, hello('raw')));
    await victim.next();
    void raw.write(...Array.from({ length: 1_000 }, () => frame(0x89, 'ping')));
    expect(await raw.closeFrame()).to.equal(undefined);
    expect((await victim.closed).code).to.equal(1002);
    expect(await server.ended(2)).to.deep.equal(['ping_flood', 'peer_disconnected']);
  });

  it('[HELLO-2] a HELLO of more than twice its limit ends with message_too_big unread, one over its limit with hello_invalid', async () => {
    await server.stop();
    server = await CoreServer.start({ maxMessageBytes: 65_536, helloMaxBytes: 4_096 });
    for (const [bytes, code] of [
      [8_193, 1009],
      [8_192, 4400],
    ] as const) {
      const raw = await RawClient.connect(server, 'm');
      void raw.write(frame(0x81, Buffer.alloc(bytes, 'x')));
      expect((await raw.closeFrame())?.code).to.equal(code);
    }
  });
});

/** The head of a masked binary frame whose length is the two halves of a 64-bit number. */
function announce(high: number, low: number): Buffer {
  const head = Buffer.alloc(14);
  head.set([0x82, 0xff]);
  head.writeUInt32BE(high, 2);
  head.writeUInt32BE(low, 6);
  return head;
}
