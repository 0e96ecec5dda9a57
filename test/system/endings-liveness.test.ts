import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import type { WssClient } from '../support/client.js';
import { PREFIX, Stack, type Told, useStack } from '../support/stack.js';

const MIB = 1024 * 1024;
const WAIT_MS = 10_000;
/** Messages of half a MiB: more than all buffers on the way hold. */
const STUFFING = 64;

/** Lets the first peer read nothing, and sends it more than the proxy may hold. */
function stuff([reader, sender]: readonly [WssClient, WssClient]): void {
  reader.ws.pause();
  for (let i = 0; i < STUFFING; i += 1) sender.ws.send(Buffer.alloc(MIB / 2));
}

describe('endings: peers that fall silent or fall behind', () => {
  const stack = useStack(() => ({
    flags: { 'ping-interval': '300ms', 'ping-timeout': '300ms', 'stall-timeout': '600ms', 'high-mark': '1MiB' },
  }));

  it('a peer that answers no ping: 1002, and the other one is told', async () => {
    const silent = await stack().open(stack().issue('silent'), 'a', { autoPong: false });
    silent.hello();
    const other = await stack().open(stack().issue('other'), 'a');
    other.hello();
    expect(await silent.closed).to.deep.equal({ code: 1002, reason: 'Ping timed out (0.3 seconds)' });
    expect(await other.closed).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });
  });

  it('a peer that reads nothing: the sender is held, and the reader ended as slow_peer', async () => {
    const [reader, sender] = await stack().pair('slow');
    stuff([reader, sender]);
    const line = await stack().service.line('stdout', /"ending":"slow_peer"/);
    expect(JSON.parse(line)).to.include({ code: 4430, reason: 'too slow: the backlog did not shrink: 0.6 seconds' });
    expect((await sender.closed).reason).to.equal('the peer websocket disconnected');
  });

  it('a line that breaks off is connection_lost in the log, and the other peer is told', async () => {
    const [one, two] = await stack().pair('lost');
    one.ws.terminate();
    expect(await two.closed).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });
    const line = await stack().service.line('stdout', /"ending":"connection_lost"/);
    expect(JSON.parse(line)).to.include({ meetup: 'lost', code: 1006 });
  });

  it('a peer that closes is closed_by_peer with its own code and words', async () => {
    const [one, two] = await stack().pair('bye');
    one.ws.close(4000, 'bye\nbye');
    expect((await two.closed).code).to.equal(1002);
    const line = await stack().service.line('stdout', /"ending":"closed_by_peer".*bye/);
    expect(JSON.parse(line)).to.include({ code: 4000, reason: 'bye\\u{a}bye' });
  });
});

describe('endings: the memory budget', () => {
  // One stuck reader holds seven eighths of the budget, two are too much.
  const stack = useStack(() => ({ flags: { 'memory-budget': '8MiB', 'high-mark': '7MiB', 'low-mark': '7000KiB' } }));

  it('near it newcomers are refused, 503 overload; above it the newest session is shed and the older one stays', async () => {
    const older = await stack().pair('older');
    const newer = await stack().pair('newer');
    const refused = async (): Promise<Told | undefined> => {
      const told = await stack()
        .refused(stack().issue('x'), `${PREFIX}x`)
        .catch(() => undefined);
      return told?.reason === 'overload' ? told : undefined;
    };
    stuff(older);
    const told = await waitFor('no overload', WAIT_MS, new AbortController().signal, refused);
    expect(told).to.include({ status: 503, retry: 'later', retryAfter: '10' });
    stuff(newer);
    const line = await stack().service.line('stdout', /"ending":"overload"/);
    expect(JSON.parse(line)).to.include({ meetup: 'newer', code: 4513 });
    expect((await newer[1].closed).reason).to.equal('the peer websocket disconnected');
    older[0].ws.resume();
    for (let i = 0; i < STUFFING; i += 1) await older[0].next();
  });
});

describe('endings: drain and restart', () => {
  it('a drain refuses newcomers with draining, ends pairs with 1012 and a time, and then Envoy says unavailable', async function () {
    this.timeout(20_000);
    const stack = await Stack.start({ flags: { 'drain-batch': '1', 'drain-interval': '500ms', 'drain-spread': '5s' } });
    try {
      const pairs = [await stack.pair('a'), await stack.pair('b'), await stack.pair('c')];
      const stopped = stack.service.stop('SIGTERM');
      await stack.service.line('stdout', /stopping/);
      const told = await stack.refused(stack.issue('x'), `${PREFIX}x`);
      expect(told).to.include({ status: 503, reason: 'draining', retry: 'later', retryAfter: '5' });
      for (const pair of pairs) {
        for (const { closed } of pair) {
          const { code, reason } = await closed;
          expect(code).to.equal(1012);
          expect(reason).to.match(/^the proxy is restarting: retry in [0-5] s$/);
        }
      }
      expect(await stopped).to.equal(0);
      const gone = await stack.refused(stack.issue('x'), `${PREFIX}x`);
      expect(gone).to.include({ status: 503, reason: 'unavailable', retry: 'later', retryAfter: '5' });
    } finally {
      await stack.stop();
    }
  });
});
