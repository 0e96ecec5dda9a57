import { expect } from 'chai';
import type { Peer } from '../../proxy/session/life/peer.js';
import { CoreClient, frame, RawClient } from '../support/core-client.js';
import { CoreServer } from '../support/core-server.js';
import { FakeClock } from '../support/fake-clock.js';
import { hello } from '../support/fixtures.js';
import { stands } from '../support/turns.js';

const MIB = 1024 * 1024;
const MESSAGE = 64 * 1024;
const TOTAL = 200 * 1000 * 1000;
/** Bytes that the operating system's sockets on the way may hold, doubled. */
const KERNEL = 2 * MIB;
/** Bytes by which the process may grow for other reasons: compiled code, garbage that is not yet collected. */
const NOISE = 32 * MIB;

describe('backpressure over real sockets', function () {
  this.timeout(20_000);
  let server: CoreServer;
  afterEach(() => server.stop());

  it('[RELAY-4] a reader that stops while its peer sends 200 MB costs no more than the bound, and loses nothing', async () => {
    server = await CoreServer.start();
    const [one, two] = await CoreClient.pair(server, 'stuck');
    const [sender, reader] = peers(server);
    const bound = server.bounds.highMark + server.bounds.maxMessageBytes;
    two.ws.pause();
    const before = process.memoryUsage().rss;
    const sending = new Sender(TOTAL, (number) => send(one, number));
    await stands(() => sending.sent);
    expect(sender.held).to.equal(true);
    expect(reader.socket.backlog).to.be.within(server.bounds.highMark, bound);
    expect(sending.sent).to.be.below(bound + KERNEL);
    expect(process.memoryUsage().rss - before).to.be.below(bound + KERNEL + NOISE);

    let peak = 0;
    two.ws.resume();
    for (let number = 0; number * MESSAGE < TOTAL; number += 1) {
      const { data } = await two.next();
      if (data.readUInt32BE() !== number) expect.fail(`message ${data.readUInt32BE()} came as number ${number}`);
      peak = Math.max(peak, reader.socket.backlog);
    }
    await sending.done;
    expect(peak).to.be.below(bound);
    expect(sender.held).to.equal(false);
  });

  it('[RELAY-4] empty messages to a reader that stops are bounded in memory too', async () => {
    server = await CoreServer.start();
    const two = await CoreClient.join(server, 'tiny', 'two');
    const raw = await RawClient.connect(server, 'tiny');
    await raw.write(frame(0x81, hello('raw')));
    await two.next();
    two.ws.pause();
    const block = Buffer.concat(Array.from({ length: 10_000 }, () => frame(0x82)));
    const before = process.memoryUsage().rss;
    const sending = new Sender(20 * MIB, async () => {
      await raw.write(block);
      return block.length;
    });
    await stands(() => sending.sent);
    expect(peers(server)[1].held).to.equal(true);
    expect(sending.sent).to.be.below(20 * MIB);
    expect(process.memoryUsage().rss - before).to.be.below(2 * server.bounds.highMark + KERNEL + NOISE);
    raw.cut();
  });

  it('[LIVE-4] a reader that stops and is not heard is closed, and its peer told', async () => {
    const clock = new FakeClock();
    server = await CoreServer.start({ closeTimeout: 50 }, { clock });
    const [one, two] = await CoreClient.pair(server, 'stall');
    two.ws.pause();
    const sending = new Sender(TOTAL, (number) => send(one, number));
    await stands(() => sending.sent);
    clock.advance(33_000);
    expect(await one.closed).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });
    expect(await server.ended(2)).to.deep.equal(['slow_peer', 'peer_disconnected']);
    two.ws.terminate();
  });

  it('[LIVE-4] a slow reader of one long write is not taken for one that stalls', async () => {
    const clock = new FakeClock();
    server = await CoreServer.start({}, { clock });
    const one = await CoreClient.join(server, 'slow', 'one');
    const slow = await RawClient.connect(server, 'slow');
    void slow.write(frame(0x81, hello('slow')));
    await one.next();
    const [, reader] = peers(server);
    one.ws.send(Buffer.alloc(4 * MIB));
    await stands(() => reader.socket.backlog);
    const { backlog } = reader.socket;
    for (let step = 0; step < 5; step += 1) {
      const { taken } = reader.socket;
      while (reader.socket.taken === taken) await slow.take();
      clock.advance(9_000);
    }
    expect(reader.socket.backlog, 'the write has not ended').to.be.at.least(backlog);
    expect(reader.state.t).to.equal('seated');
    clock.advance(33_000);
    expect(await server.ended(2)).to.deep.equal(['slow_peer', 'peer_disconnected']);
    slow.cut();
  });
});

/** Sends until that many bytes are sent or the connection is over; counts the bytes that the system took. */
class Sender {
  sent = 0;
  readonly done: Promise<void>;

  /** @param send sends the message of that number; resolves with its size once it was taken, with 0 when it never will be */
  constructor(total: number, send: (number: number) => Promise<number>) {
    this.done = this.#run(total, send);
  }

  async #run(total: number, send: (number: number) => Promise<number>): Promise<void> {
    for (let number = 0; this.sent < total; number += 1) {
      const size = await send(number);
      if (size === 0) return;
      this.sent += size;
    }
  }
}

/** Sends a message that begins with its number. */
function send(client: CoreClient, number: number): Promise<number> {
  const message = Buffer.alloc(MESSAGE);
  message.writeUInt32BE(number);
  return new Promise((resolve) => client.ws.send(message, (error) => resolve(error instanceof Error ? 0 : MESSAGE)));
}

function peers({ present }: CoreServer): [Peer, Peer] {
  const [first, second] = present.peers;
  if (first === undefined || second === undefined) throw new Error('there is no pair');
  return [first, second];
}
