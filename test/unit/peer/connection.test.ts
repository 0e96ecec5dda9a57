import { expect } from 'chai';
import { PeerConnection, type PeerOptions } from '../../../peer/connection.js';
import { type FailureReason, RequestFailure } from '../../../peer/request-failure.js';
import type { RestRequest, RestResponse } from '../../../peer/rest.js';
import type { DialOptions, Socket } from '../../../proxy/transport/dial.js';
import { DialError } from '../../../proxy/transport/dial-error.js';
import { ending } from '../../../proxy/wire/close.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { hello } from '../../support/fixtures.js';

/** A network where each dial waits for the test to let it through. */
class FakeNetwork {
  readonly dials: { readonly options: DialOptions; open(): FakeSocket; fail(error: Error): void }[] = [];

  readonly dial = (_url: string, options: DialOptions): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const open = (): FakeSocket => {
        const socket = new FakeSocket();
        resolve(socket);
        return socket;
      };
      options.signal?.addEventListener('abort', () => reject(new DialError('', { kind: 'aborted', retry: 'now' })));
      this.dials.push({ options, open, fail: reject });
    });
}

/** Lets promises that are settled be handled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const refused = (retryAfter: number, retry: 'later' | 'never' = 'later'): DialError =>
  new DialError('refused', { kind: 'refused', status: 503, reason: 'server_full', retry, retryAfter });

interface Sent {
  readonly message: Record<string, unknown> & { readonly messageId: number; readonly messageType: string };
}

const sentBy = (socket: FakeSocket): Sent['message'][] =>
  socket.texts.map((text) => (JSON.parse(text) as Sent).message);

const response = (inResponseTo: number | string, statusCode = 200): string =>
  JSON.stringify({
    message: {
      messageId: 1,
      messageType: 'REST:RESPONSE',
      requiresResponse: false,
      inResponseTo,
      statusCode,
      reasonPhrase: null,
    },
  });

async function failure(promise: Promise<unknown>): Promise<FailureReason> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RequestFailure) return error.reason;
    throw error;
  }
  throw new Error('the request did not fail');
}

describe('a peer', () => {
  let clock: FakeClock;
  let network: FakeNetwork;
  let peer: PeerConnection;

  function make(options: Partial<PeerOptions> = {}): PeerConnection {
    return new PeerConnection({
      url: 'wss://proxy.example/micronets/v1/ws-proxy/a',
      claims: { peerClass: 'test', peerId: '1' },
      dial: network.dial,
      clock,
      random: () => 0.5,
      ...options,
    });
  }

  async function opened(): Promise<FakeSocket> {
    const socket = network.dials.at(-1)?.open();
    if (socket === undefined) throw new Error('nothing was dialled');
    await settled();
    return socket;
  }

  async function paired(options: Partial<PeerOptions> = {}): Promise<FakeSocket> {
    peer = make(options);
    peer.start();
    const socket = await opened();
    socket.receive(hello());
    return socket;
  }

  beforeEach(() => {
    clock = new FakeClock();
    network = new FakeNetwork();
    peer = make();
  });

  it('sends its HELLO first, with message id 0, and then waits', async () => {
    peer.start();
    expect(peer.state.kind).to.equal('connecting');
    const socket = await opened();
    expect(sentBy(socket)).to.deep.equal([
      { messageId: 0, messageType: 'CONN:HELLO', requiresResponse: false, peerClass: 'test', peerId: '1' },
    ]);
    expect([peer.state.kind, socket.paused]).to.deep.equal(['waiting', false]);
  });

  it("is paired by the other's HELLO", async () => {
    await paired();
    expect(peer.state).to.deep.include({ kind: 'paired', failures: 0 });
    expect(peer.state.kind === 'paired' && peer.state.other.peerId).to.equal('gw service 1');
  });

  it('refuses to send while it waits: the proxy would close it', async () => {
    peer.start();
    const socket = await opened();
    expect(await failure(peer.request({ method: 'GET', path: '/' }))).to.equal('not_paired');
    expect(() => peer.send('{}')).to.throw(RequestFailure);
    expect(() => peer.sendEvent('DHCP', 'x')).to.throw(RequestFailure);
    expect(socket.sent).to.have.length(1);
  });

  it('closes a connection whose first message is no HELLO, and comes back', async () => {
    peer.start();
    const socket = await opened();
    socket.receive('{"message": {}}');
    expect(socket.closedWith?.code).to.equal(ending('hello_invalid').code);
    socket.gone('closed_by_peer', 4400, '');
    expect(peer.state).to.deep.include({ kind: 'backing_off' });
    expect(peer.state.kind === 'backing_off' && peer.state.why.retry).to.equal('later');
  });

  describe('that asks', () => {
    it('matches responses by inResponseTo, in any order, as number or text', async () => {
      const socket = await paired();
      const first = peer.request({ method: 'GET', path: '/1' });
      const second = peer.request({ method: 'GET', path: '/2' });
      expect(sentBy(socket).map(({ messageId }) => messageId)).to.deep.equal([0, 1, 2]);
      socket.receive(response('2', 202));
      socket.receive(response(77));
      socket.receive(response(1, 201));
      expect([(await first).statusCode, (await second).statusCode]).to.deep.equal([201, 202]);
    });

    it('waits until its deadline and not longer; a later response is dropped', async () => {
      const socket = await paired();
      const late = failure(peer.request({ method: 'GET', path: '/', timeout: 100 }));
      clock.advance(100);
      expect(await late).to.equal('timeout');
      socket.receive(response(1));
    });

    it('has all its requests fail with the connection', async () => {
      const socket = await paired();
      const both = [peer.request({ method: 'GET', path: '/' }), peer.request({ method: 'GET', path: '/' })].map(
        failure,
      );
      socket.gone('connection_lost', 1006);
      expect(await Promise.all(both)).to.deep.equal(['disconnected', 'disconnected']);
    });

    it('is bounded in requests, bytes and backlog', async () => {
      const socket = await paired({ limits: { inFlight: 1, message: 300, outbox: 400, highMark: 10 } });
      const body = { kind: 'text', type: 'text/plain', text: 'x'.repeat(300) } as const;
      expect(await failure(peer.request({ method: 'GET', path: '/', body }))).to.equal('too_big');
      socket.backlog = 11;
      const waits = failure(peer.request({ method: 'GET', path: '/' }));
      expect(await failure(peer.request({ method: 'GET', path: '/' }))).to.equal('too_many');
      expect(() => {
        for (let n = 0; n < 9; n += 1) peer.sendEvent('a', 'b', { ...body, text: 'x'.repeat(100) });
      }).to.throw(RequestFailure, 'wait to be sent');
      expect(socket.sent).to.have.length(1);
      socket.drain(0);
      expect(socket.sent.length).to.be.above(1);
      socket.gone();
      expect(await waits).to.equal('disconnected');
    });

    it('takes back what nobody waits for any more, so that no stale command is carried out', async () => {
      const socket = await paired({ limits: { highMark: 10 } });
      socket.backlog = 11;
      const late = failure(peer.request({ method: 'DELETE', path: '/', timeout: 100 }));
      clock.advance(100);
      expect(await late).to.equal('timeout');
      socket.drain(0);
      expect(socket.sent).to.have.length(1);
    });

    it('can give up', async () => {
      await paired();
      const gone = new AbortController();
      const asked = failure(peer.request({ method: 'GET', path: '/', signal: gone.signal }));
      gone.abort();
      expect(await asked).to.equal('aborted');
    });

    it('is told of a response that is none', async () => {
      const socket = await paired();
      for (const [id, bad] of [99, 101, 600, 200.5, '200', null].entries()) {
        const asked = failure(peer.request({ method: 'GET', path: '/' }));
        socket.receive(response(id + 1, bad as number));
        expect(await asked).to.equal('bad_response');
      }
    });
  });

  describe('that answers', () => {
    const request = (messageId: number | string, more: object = {}): string =>
      JSON.stringify({
        message: { messageId, messageType: 'REST:REQUEST', requiresResponse: true, method: 'GET', path: '/a', ...more },
      });

    it('hands requests to its handler and answers in the id that it was given', async () => {
      const seen: RestRequest[] = [];
      const socket = await paired({
        handler: (one) => {
          seen.push(one);
          return { statusCode: 204, headers: [], body: { kind: 'none' } };
        },
      });
      socket.receive(request('x7', { queryStrings: [{ name: 'a', value: 'b' }], headers: null }));
      await settled();
      expect(seen).to.deep.equal([
        { method: 'GET', path: '/a', query: [{ name: 'a', value: 'b' }], headers: [], body: { kind: 'none' } },
      ]);
      expect(sentBy(socket).at(-1)).to.deep.include({ messageId: 1, inResponseTo: 'x7', statusCode: 204 });
    });

    it('answers 400 to what is no request, 500 when its handler throws, and tells nobody why', async () => {
      const faults: unknown[] = [];
      const socket = await paired({
        handler: () => {
          throw new Error('secret');
        },
      });
      peer.observe({ fault: (error) => faults.push(error) });
      socket.receive(request(1, { method: 'FETCH' }));
      socket.receive(request(2));
      await settled();
      expect(sentBy(socket).map(({ statusCode }) => statusCode)).to.deep.equal([undefined, 400, 500]);
      expect(socket.texts.join()).not.to.contain('secret');
      expect(faults).to.have.length(1);
    });

    it('answers 500 when its handler returns what is no response', async () => {
      const socket = await paired({ handler: () => JSON.parse('null') as RestResponse });
      socket.receive(request(1));
      await settled();
      expect(sentBy(socket).at(-1)).to.deep.include({ inResponseTo: 1, statusCode: 500 });
    });

    it('works on a bounded number at a time and answers the rest 503', async () => {
      const release: (() => void)[] = [];
      const socket = await paired({
        limits: { concurrent: 2 },
        handler: () =>
          new Promise((resolve) => {
            release.push(() => resolve({ statusCode: 200, headers: [], body: { kind: 'none' } }));
          }),
      });
      for (const id of [1, 2, 3]) socket.receive(request(id));
      await settled();
      expect(sentBy(socket).at(-1)).to.deep.include({ inResponseTo: 3, statusCode: 503 });
      for (const one of release) one();
      await settled();
      socket.receive(request(4));
      expect(release).to.have.length(3);
    });

    it('ends the connection rather than drop an answer that has no room', async () => {
      const socket = await paired({
        limits: { highMark: 0, outbox: 10 },
        handler: () => ({ statusCode: 200, headers: [], body: { kind: 'none' } }),
      });
      socket.backlog = 1;
      socket.receive(request(1));
      await settled();
      expect(socket.closedWith?.code).to.equal(ending('slow_peer').code);
    });

    it('leaves alone what asks for no response', async () => {
      const socket = await paired({ handler: () => ({ statusCode: 200, headers: [], body: { kind: 'none' } }) });
      socket.receive(request(1, { requiresResponse: false }));
      await settled();
      expect(socket.sent).to.have.length(1);
    });
  });

  it('passes events on, and every message as it came', async () => {
    const events: string[] = [];
    const messages: string[] = [];
    const socket = await paired();
    peer.observe({
      event: ({ namespace, name, body }) => events.push(`${namespace}/${name}/${body.kind}`),
      message: (data) => messages.push(data.toString()),
    });
    const event = '{ "message" : {"messageType":"EVENT:DPP:a:b", "messageBody": {}}, "id": 1 }';
    for (const text of [event, '{"message": {"messageType": "DPP:x"}}', 'no JSON']) socket.receive(text);
    socket.receive(Buffer.from([255]), true);
    expect(events).to.deep.equal(['DPP/a:b/json']);
    expect(messages).to.have.length(4);
    expect(messages[0]).to.equal(event);
  });

  describe('that is refused', () => {
    it('honours Retry-After to the millisecond', async () => {
      peer.start();
      network.dials[0]?.fail(refused(7));
      await settled();
      clock.advance(6_999);
      expect(network.dials).to.have.length(1);
      clock.advance(1 + 500);
      expect(network.dials).to.have.length(2);
    });

    it('slows down where it is not wanted, and comes back all the same', async () => {
      peer.start();
      for (let tries = 1; tries <= 5; tries += 1) {
        network.dials
          .at(-1)
          ?.fail(new DialError('no', { kind: 'refused', status: 403, reason: 'policy_denied', retry: 'never' }));
        await settled();
        clock.advance(149_999);
        expect(network.dials).to.have.length(tries);
        clock.advance(150_001);
        expect(network.dials).to.have.length(tries + 1);
      }
    });
  });

  it('reads its credentials before every dial, so that a renewed certificate is used', async () => {
    let turn = 0;
    peer = make({
      credentials: () => {
        turn += 1;
        if (turn === 2) throw new Error('cert.pem: no such file');
        return { cert: `c${turn}`, key: 'k', ca: 'a' };
      },
    });
    peer.start();
    network.dials[0]?.fail(refused(0));
    await settled();
    clock.advance(1_000);
    await settled();
    expect(peer.state.kind === 'backing_off' && peer.state.why.message).to.equal('cert.pem: no such file');
    clock.advance(60_000);
    await settled();
    expect(network.dials.map(({ options }) => options.cert)).to.deep.equal(['c1', 'c3']);
  });

  describe('whose proxy falls silent', () => {
    it('asks after half the time and gives it up after the whole', async () => {
      const socket = await paired();
      socket.alive = false;
      clock.advance(15_000);
      expect([socket.pings, socket.terminated]).to.deep.equal([1, false]);
      clock.advance(15_000);
      expect(socket.terminated).to.equal(true);
      socket.gone('connection_lost', 1006);
      expect(peer.state.kind === 'backing_off' && peer.state.why.reason).to.equal('proxy_silent');
    });

    it('takes anything heard for life', async () => {
      const socket = await paired();
      clock.advance(300_000);
      expect(socket.terminated).to.equal(false);
      socket.alive = false;
      for (let n = 0; n < 10; n += 1) {
        clock.advance(14_000);
        socket.receive('{}');
      }
      expect(socket.terminated).to.equal(false);
    });
  });

  describe('that is stopped', () => {
    it('closes with 1000 and leaves no timer', async () => {
      const socket = await paired();
      const stopped = [peer.stop(), peer.stop()];
      expect(socket.closedWith?.code).to.equal(1000);
      socket.gone('closed_by_peer', 1000);
      await Promise.all(stopped);
      expect([peer.state.kind, clock.timers]).to.deep.equal(['stopped', 0]);
    });

    it('drops a connection that does not answer the close', async () => {
      const socket = await paired();
      const stopped = peer.stop();
      clock.advance(2_000);
      expect(socket.terminated).to.equal(true);
      socket.gone('connection_lost', 1006);
      await stopped;
    });

    it('while it dials or waits dials no more', async () => {
      peer.start();
      await peer.stop();
      await settled();
      const other = make();
      other.start();
      network.dials[1]?.fail(refused(1));
      await settled();
      await other.stop();
      clock.advance(600_000);
      expect([network.dials.length, clock.timers]).to.deep.equal([2, 0]);
    });
  });

  it('refuses a URL that is none', () => {
    for (const url of ['http://a/b', 'nonsense']) expect(() => make({ url })).to.throw(TypeError);
  });
});
