import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { hello } from '../support/fixtures.js';
import type { RawLine } from '../support/raw-bytes.js';
import { PREFIX, useStack } from '../support/stack.js';

const MIB = 1024 * 1024;
/** Bytes by which the service may grow under attack: a fraction of the bytes sent. */
const GROWTH = 48 * MIB;

/** One masked frame of a client (RFC 6455 §5.2). */
function frame(first: number, payload: Buffer | string = '', length?: bigint): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(14);
  head[0] = first;
  const claimed = length ?? BigInt(body.length);
  if (length === undefined && body.length < 126) {
    head[1] = 0x80 | body.length;
    return Buffer.concat([head.subarray(0, 6), body]);
  }
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(claimed, 2);
  return Buffer.concat([head, body]);
}

const FIN = 0x80;
const [CONTINUATION, TEXT, BINARY, CLOSE, PING] = [0, 1, 2, 8, 9];

/** Frames that are sent after the pair is complete, and the close code and reason. */
const breaches: readonly (readonly [string, () => readonly Buffer[], number, string])[] = [
  ['a frame that claims 1 TiB', () => [frame(FIN | BINARY, 'x', 1n << 40n)], 1009, 'the message is over the limit'],
  [
    'a frame that claims 2^63 bytes',
    () => [frame(FIN | BINARY, 'x', 1n << 63n)],
    1009,
    'the message is over the limit',
  ],
  [
    'a message of one byte too many',
    () => [frame(FIN | BINARY, Buffer.alloc(MIB + 1))],
    1009,
    'the message is over the limit',
  ],
  [
    'fragments that add up to too much',
    () => Array.from({ length: 3 }, (_, i) => frame(i === 0 ? BINARY : CONTINUATION, Buffer.alloc(MIB / 2))),
    1009,
    'the message is over the limit',
  ],
  [
    'a flood of empty fragments',
    () => [frame(TEXT, ''), ...Array.from({ length: 70 }, () => frame(CONTINUATION, ''))],
    1008,
    'the message has too many fragments',
  ],
  ['a compressed message', () => [frame(FIN | 0x40 | TEXT, randomBytes(64))], 1002, 'websocket protocol error'],
  ['an unmasked frame', () => [Buffer.from([FIN | TEXT, 2, 0x68, 0x69])], 1002, 'websocket protocol error'],
  ['a reserved opcode', () => [frame(FIN | 3, 'x')], 1002, 'websocket protocol error'],
  ['a ping of 126 bytes', () => [frame(FIN | PING, Buffer.alloc(126))], 1002, 'websocket protocol error'],
  ['a fragmented ping', () => [frame(PING, 'x')], 1002, 'websocket protocol error'],
  ['a continuation of nothing', () => [frame(FIN | CONTINUATION, 'x')], 1002, 'websocket protocol error'],
  [
    'a close frame with a code that is nobody’s',
    () => [frame(FIN | CLOSE, Buffer.from([0x03, 0xec]))],
    1002,
    'websocket protocol error',
  ],
  [
    'text that is not UTF-8',
    () => [frame(FIN | TEXT, Buffer.from([0xc3, 0x28]))],
    1007,
    'a text message is not valid UTF-8',
  ],
];

/** A whole close frame with a reason. */
const CLOSED = /\x88.{3}[ -~]+$/s;

describe('attacks: frames and messages', () => {
  const stack = useStack(() => ({
    flags: { 'max-message-bytes': '1MiB', 'max-fragments': '64', 'hello-timeout': '1s', 'hello-max-bytes': '16KiB' },
  }));

  async function rawPeer(meetup: string): Promise<RawLine> {
    const line = await stack().line(stack().issue('attacker'));
    const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', key];
    line.write(`GET ${PREFIX}${meetup} HTTP/1.1`, 'Host: localhost', ...upgrade, '', '');
    expect(await line.until(/\r\n\r\n/)).to.match(/^HTTP\/1\.1 101 /);
    return line;
  }

  for (const [what, frames, code, text] of breaches) {
    it(`${what}: ${code}, and the other peer is told that its peer went`, async () => {
      const victim = await stack().open(stack().issue('victim'), 'a');
      victim.hello();
      const attacker = await rawPeer('a');
      attacker.socket.write(frame(FIN | TEXT, hello()));
      await victim.next();
      for (const bytes of frames()) attacker.socket.write(bytes);
      const said = await attacker.until(CLOSED);
      const close = Buffer.from(said.slice(said.lastIndexOf('\x88')), 'latin1');
      expect([close.readUInt16BE(2), close.toString('utf8', 4)]).to.deep.equal([code, text]);
      attacker.socket.destroy();
      expect(await victim.closed).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });
    });
  }

  it('a burst of 10,000 pings is cut, ping_flood, and another pair does not notice', async () => {
    const [one, two] = await stack().pair('calm');
    const attacker = await rawPeer('a');
    attacker.socket.write(Buffer.concat(Array.from({ length: 10_000 }, () => frame(FIN | PING, 'x'))));
    await stack().service.line('stdout', /"ending":"ping_flood"/);
    one.send('calm');
    expect(await two.next()).to.equal('calm');
  });

  it('permessage-deflate is never agreed to, so that there is no bomb to inflate', async () => {
    const offer = { perMessageDeflate: { clientMaxWindowBits: 15 } };
    const [one] = await stack().pair('deflate', stack().issue('a'), stack().issue('b'), offer);
    expect(one.ws.extensions).to.equal('');
    expect(one.upgraded).not.to.have.property('sec-websocket-extensions');
  });

  it('before the pair is complete nobody makes the proxy hold a message of full size: 1009 by its head alone', async () => {
    const silent = await rawPeer('a');
    silent.socket.write(frame(BINARY, '', BigInt(MIB / 2)));
    expect(await silent.until(CLOSED)).to.contain('the message is over the limit');
    const waiting = await rawPeer('b');
    waiting.socket.write(frame(FIN | TEXT, hello()));
    waiting.socket.write(frame(BINARY, '', BigInt(MIB / 2)));
    expect(await waiting.until(CLOSED)).to.contain('the message is over the limit');
  });

  it('a message of full size may come right behind the HELLO that completes the pair', async () => {
    const first = await stack().open(stack().issue('first'), 'c');
    first.hello();
    const second = await rawPeer('c');
    second.socket.write(Buffer.concat([frame(FIN | TEXT, hello()), frame(FIN | BINARY, Buffer.alloc(MIB))]));
    await first.next();
    expect((await first.next()).length).to.equal(MIB);
  });

  it('none of it makes the service grow', async () => {
    const before = stack().residentBytes();
    for (let round = 0; round < 4; round += 1) {
      const line = await rawPeer('grow');
      line.socket.write(frame(FIN | TEXT, hello()));
      line.socket.write(frame(BINARY, Buffer.alloc(MIB / 2)));
      for (let i = 0; i < 40; i += 1) line.socket.write(frame(CONTINUATION, Buffer.alloc(MIB / 2)));
      await line.until(CLOSED);
      line.socket.destroy();
    }
    expect(stack().residentBytes() - before).to.be.below(GROWTH);
  });

  const firsts: readonly (readonly [string, Buffer | string, number, RegExp])[] = [
    ['not JSON', 'hello', 4400, /CONN:HELLO: it is not a JSON object/],
    ['binary and not UTF-8', Buffer.from(hello('\u00e9'), 'latin1'), 4400, /it is not UTF-8/],
    ['too large', hello('x'.repeat(17_000)), 4400, /longer than 16384 bytes/],
    ['nested deeply', '['.repeat(16_000), 4400, /not a JSON object/],
    ['another type', '{"message":{"messageType":"REST:REQUEST"}}', 4400, /messageType is not CONN:HELLO/],
    ['__proto__', '{"message":{"__proto__":{"messageType":"CONN:HELLO"}}}', 4400, /messageType is not CONN:HELLO/],
    ['a claim of 300 letters', hello('x'.repeat(300)), 4400, /peerId is not text/],
    ['a claim that is a list', hello().replace('"gw service 1"', '["a"]'), 4400, /peerId is not text/],
  ];
  for (const [what, first, code, text] of firsts) {
    it(`a first message that is ${what}: ${code} hello_invalid`, async () => {
      const client = await stack().open(stack().issue('x'), 'hello');
      client.send(first);
      const { code: got, reason } = await client.closed;
      expect(got).to.equal(code);
      expect(reason).to.match(text);
    });
  }

  it('a HELLO that dribbles, byte by byte, and one that never comes: 4408 hello_timeout', async () => {
    const silent = await stack().open(stack().issue('x'), 'hello');
    const slow = await rawPeer('slow');
    const bytes = frame(FIN | TEXT, hello());
    let at = 0;
    const dribble = setInterval(() => slow.socket.write(bytes.subarray(at, ++at)), 100);
    const said = await slow.until(CLOSED);
    slow.socket.destroy();
    clearInterval(dribble);
    expect(said).to.contain('no CONN:HELLO in time');
    expect(await silent.closed).to.deep.equal({ code: 4408, reason: 'no CONN:HELLO in time: 1 seconds' });
  });

  it('ids that nobody expects pass untouched: the relay judges no envelope', async () => {
    const [one, two] = await stack().pair('ids');
    for (const id of ['9007199254740993', '-1', 'null', '"x"', '1e999', '{"a":[]}', '"\\ud800"']) {
      const text = `{"message":{"messageId":${id},"messageType":"REST:RESPONSE","inResponseTo":${id},"requiresResponse":false}}`;
      one.send(text);
      expect(await two.next()).to.equal(text);
    }
    one.send('no JSON at all');
    expect(await two.next()).to.equal('no JSON at all');
  });
});
