import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { CoreClient, frame, RawClient } from '../support/core-client.js';
import { CoreServer } from '../support/core-server.js';
import { hello } from '../support/fixtures.js';

const MIB = 1024 * 1024;
const PAIRS = 200;
const MESSAGES = 20;

describe('relay over real sockets', () => {
  let server: CoreServer;
  beforeEach(async () => {
    server = await CoreServer.start();
  });
  afterEach(() => server.stop());

  it('[MEET-3, HELLO-4] joins two clients, each with the HELLO of the other', async () => {
    const one = await CoreClient.join(server, 'm', 'one');
    const two = await CoreClient.join(server, 'm', 'two');
    expect((await one.next()).data.toString()).to.equal(hello('two'));
    expect((await two.next()).data.toString()).to.equal(hello('one'));
  });

  it('[RELAY-1] carries text, binary and empty messages both ways', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      for (const [data, binary] of [
        ['äöü \u0000 text', false],
        [Buffer.from([0, 255, 128]), true],
        ['', false],
        [Buffer.alloc(0), true],
      ] as const) {
        from.ws.send(data, { binary });
        expect(await to.next()).to.deep.equal({ data: Buffer.from(data as string), binary });
      }
    }
  });

  it('[RELAY-1] whatever bytes go in come out the same, of the same type and in the same order', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    const message = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => ({ data: Buffer.from(text), binary: false })),
      fc.uint8Array({ maxLength: 2_000 }).map((data) => ({ data: Buffer.from(data), binary: true })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 20 }), fc.boolean(), async (messages, back) => {
        const [from, to] = back ? [two, one] : [one, two];
        for (const { data, binary } of messages) from.ws.send(data, { binary });
        for (const expected of messages) expect(await to.next()).to.deep.equal(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('[RELAY-3] joins the fragments of a message, with a ping between them', async () => {
    const two = await CoreClient.join(server, 'm', 'two');
    const raw = await RawClient.connect(server, 'm');
    void raw.write(frame(0x81, hello('raw')));
    await two.next();
    void raw.write(frame(0x02, 'one '), frame(0x00, 'two '), frame(0x89, 'ping'), frame(0x80, 'three'));
    expect(await two.next()).to.deep.equal({ data: Buffer.from('one two three'), binary: true });
    void raw.write(frame(0x01, Buffer.from([0xc3])), frame(0x80, Buffer.from([0xa4])));
    expect(await two.next()).to.deep.equal({ data: Buffer.from('ä'), binary: false });
    raw.cut();
  });

  it('[RELAY-3] carries messages of 1 MiB, and one of exactly the limit', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    const messages = [1, 1, 1, 4].map((size) => randomBytes(size * MIB));
    for (const data of messages) one.ws.send(data);
    for (const data of messages) expect((await two.next()).data.equals(data)).to.equal(true);
    two.ws.send('and back');
    expect((await one.next()).data.toString()).to.equal('and back');
  });

  it('[RELAY-4] reads a sender again after one message that alone was above the high mark', async () => {
    const [one, two] = await CoreClient.pair(server, 'm');
    for (let round = 0; round < 3; round += 1) {
      const large = randomBytes(2 * MIB);
      one.ws.send(large);
      expect((await two.next()).data.equals(large)).to.equal(true);
      one.ws.send('after');
      expect((await two.next()).data.toString()).to.equal('after');
    }
  });

  it(`[MEET-3, RELAY-1] ${PAIRS} pairs at once: no message crosses from one pair to another`, async () => {
    const ids = Array.from({ length: PAIRS }, (_, at) => `pair/${at}`);
    const pairs = await Promise.all(ids.map((id) => CoreClient.pair(server, id)));
    for (let number = 0; number < MESSAGES; number += 1) {
      pairs.forEach(([one, two], at) => {
        one.ws.send(`${at} forth ${number}`);
        two.ws.send(`${at} back ${number}`);
      });
    }
    await Promise.all(
      pairs.map(async ([one, two], at) => {
        for (let number = 0; number < MESSAGES; number += 1) {
          expect((await two.next()).data.toString()).to.equal(`${at} forth ${number}`);
          expect((await one.next()).data.toString()).to.equal(`${at} back ${number}`);
        }
      }),
    );
    expect(server.present.counts.paired).to.equal(PAIRS);
  });

  it('[REFUSE-3] declines permessage-deflate, and the client goes on without it', async () => {
    const client = await CoreClient.connect(server, 'm', { perMessageDeflate: true });
    expect(client.ws.extensions).to.equal('');
  });
});
