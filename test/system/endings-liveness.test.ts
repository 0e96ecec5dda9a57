import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import type { WssClient } from '../support/client.js';
import { PREFIX, Stack, useStack } from '../support/stack.js';

const MIB = 1024 * 1024;
const WAIT_MS = 10_000;
/** Number of messages of half a MiB that exceed all buffers on the way. */
const STUFFING = 64;

/** Stops the first peer's reading, and sends it more than the proxy may hold. */
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
    const { code, reason } = JSON.parse(line) as { code: number; reason: string };
    expect(code).to.equal(4430);
    // It is told how long nothing moved: the time for a pong or, where a busy machine is late with that, the stall time.
    expect(reason).to.match(/^too slow: the backlog did not shrink: \d+(\.\d)? seconds$/);
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

describe('endings: half messages', () => {
  const stack = useStack(() => ({ flags: { 'memory-budget': '8MiB' } }));

  it('fill the memory budget for their own two certificates alone: those are shed, 4513, and refused, 503 overload', async () => {
    const [one, two] = [stack().issue('one'), stack().issue('two')];
    let pairs = 0;
    const attack = async (): Promise<void> => {
      pairs += 1;
      for (const { ws } of await stack().pair(`attack-${pairs}`, one, two)) {
        ws.send(Buffer.alloc(MIB), { fin: false });
      }
    };
    const honest = await stack().pair('honest', stack().issue('manager'), stack().issue('gateway'));
    honest[0].ws.send(Buffer.alloc(MIB / 2), { fin: false });
    const told = await waitFor('no overload', WAIT_MS, new AbortController().signal, async () => {
      const answer = await stack()
        .refused(one, `${PREFIX}x`)
        .catch(() => undefined);
      if (answer?.reason === 'overload') return answer;
      await attack().catch(() => {});
      return undefined;
    });
    expect(told).to.include({ status: 503, retry: 'later', retryAfter: '10' });
    await stack().pair('newcomers', stack().issue('manager'), stack().issue('gateway'));
    honest[0].ws.send(Buffer.alloc(MIB / 2));
    expect(await honest[1].next()).to.have.lengthOf(MIB);
    const shed = stack()
      .log.filter((line) => /"ending":"overload".*"message":"ended"/.test(line))
      .map((line) => JSON.parse(line) as { meetup: string; code: number });
    expect(shed.length).to.be.above(0);
    for (const line of shed)
      expect(line)
        .to.include({ code: 4513 })
        .and.to.have.property('meetup')
        .that.matches(/^attack-/);
  });
});

describe('endings: a message that does not end', () => {
  const stack = useStack(() => ({ flags: { 'message-timeout': '500ms' } }));

  it('ends its sender with 4431, though bytes of it come, and the other one is told', async () => {
    const [one, two] = await stack().pair('half');
    const dribble = setInterval(() => one.ws.send(Buffer.alloc(1), { fin: false }), 50);
    try {
      expect(await one.closed).to.deep.equal({ code: 4431, reason: 'the message did not end in time: 0.5 seconds' });
      expect((await two.closed).reason).to.equal('the peer websocket disconnected');
    } finally {
      clearInterval(dribble);
    }
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
          expect(reason).to.match(/^the proxy is restarting: retry in [2-5] s; messages taken: 1$/);
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
