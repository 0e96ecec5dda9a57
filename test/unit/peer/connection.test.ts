import { expect } from 'chai';
import { RequestFailure } from '../../../peer/request-failure.js';
import { DialError } from '../../../proxy/transport/dial/dial-error.js';
import { ending } from '../../../proxy/wire/close.js';
import { FakeNetwork, failure, sentBy, settled } from '../../support/fake-network.js';

const refused = (retryAfter: number, retry: 'later' | 'never' = 'later'): DialError =>
  new DialError('refused', { t: 'refused', status: 503, reason: 'server_full', retry, retryAfter });

describe('a peer', () => {
  let network: FakeNetwork;

  beforeEach(() => {
    network = new FakeNetwork();
  });

  it('sends its HELLO first, with message id 0, and then waits', async () => {
    network.peer.start();
    expect(network.peer.state.kind).to.equal('connecting');
    const socket = await network.opened();
    expect(sentBy(socket)).to.deep.equal([
      {
        messageId: 0,
        messageType: 'CONN:HELLO',
        requiresResponse: false,
        peerClass: 'test',
        peerId: '1',
        exactHttp: true,
      },
    ]);
    expect([network.peer.state.kind, socket.paused]).to.deep.equal(['waiting', false]);
  });

  it("is paired by the other's HELLO", async () => {
    await network.paired();
    expect(network.peer.state).to.deep.include({ kind: 'paired', failures: 0 });
    expect(network.peer.state.kind === 'paired' && network.peer.state.other.peerId).to.equal('gw service 1');
  });

  it('refuses to send while it waits: the proxy would close it', async () => {
    network.peer.start();
    const socket = await network.opened();
    expect(await failure(network.peer.request({ method: 'GET', path: '/' }))).to.equal('not_paired');
    expect(() => network.peer.send('{}')).to.throw(RequestFailure);
    expect(() => network.peer.sendEvent('DHCP', 'x')).to.throw(RequestFailure);
    expect(socket.sent).to.have.length(1);
  });

  it('closes a connection whose first message is no HELLO, and comes back', async () => {
    network.peer.start();
    const socket = await network.opened();
    socket.receive('{"message": {}}');
    expect(socket.closedWith?.code).to.equal(ending('hello_invalid').code);
    socket.gone('closed_by_peer', 4400, '');
    expect(network.peer.state).to.deep.include({ kind: 'backing_off' });
    expect(network.peer.state.kind === 'backing_off' && network.peer.state.why.retry).to.equal('later');
  });

  it('passes events on, and every message as it came', async () => {
    const events: string[] = [];
    const messages: string[] = [];
    const socket = await network.paired();
    network.peer.observe({
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
      network.peer.start();
      network.dials[0]?.fail(refused(7));
      await settled();
      network.clock.advance(6_999);
      expect(network.dials).to.have.length(1);
      network.clock.advance(1 + 500);
      expect(network.dials).to.have.length(2);
    });

    it('slows down where it is not wanted, and comes back all the same', async () => {
      network.peer.start();
      for (const [before, wait] of [1_500, 3_000, 6_000, 12_000, 18_750, 18_750].entries()) {
        const tries = before + 1;
        network.dials
          .at(-1)
          ?.fail(new DialError('no', { t: 'refused', status: 403, reason: 'policy_denied', retry: 'never' }));
        await settled();
        network.clock.advance(wait - 1);
        expect(network.dials).to.have.length(tries);
        network.clock.advance(1);
        expect(network.dials).to.have.length(tries + 1);
      }
    });
  });

  it('comes back at once with another certificate, where its own was refused; else it keeps to its wait', async () => {
    network.peer.start();
    network.dials[0]?.fail(refused(7));
    await settled();
    network.peer.credentialsChanged();
    expect(network.dials).to.have.length(1);
    network.clock.advance(8_000);
    network.dials[1]?.fail(refused(7, 'never'));
    await settled();
    network.peer.credentialsChanged();
    network.peer.credentialsChanged();
    expect(network.dials).to.have.length(3);
    await network.opened();
    network.clock.advance(600_000);
    expect([network.peer.state.kind, network.dials.length]).to.deep.equal(['waiting', 3]);
  });

  it('gives a proxy that is busy longer each time: what it did for a dial that is given up is wasted', async () => {
    const unanswered = new DialError('late', { t: 'timeout', retry: 'later' });
    const nobody = new DialError('late', { t: 'timeout', retry: 'now' });
    network.peer.start();
    for (const error of [unanswered, unanswered, unanswered, nobody, unanswered]) {
      network.dials.at(-1)?.fail(error);
      await settled();
      network.clock.advance(60_000);
    }
    const times = network.dials.map(({ options }) => options.handshakeTimeout);
    expect(times).to.deep.equal([30_000, 60_000, 60_000, 60_000, 30_000, 60_000]);
    expect(new Set(network.dials.map(({ options }) => options.connectTimeout))).to.deep.equal(new Set([10_000]));
  });

  it('reads its credentials before every dial, so that a renewed certificate is used', async () => {
    let turn = 0;
    network.peer = network.make({
      credentials: () => {
        turn += 1;
        if (turn === 2) throw new Error('cert.pem: no such file');
        return { cert: `c${turn}`, key: 'k', ca: 'a' };
      },
    });
    network.peer.start();
    network.dials[0]?.fail(refused(0));
    await settled();
    network.clock.advance(1_000);
    await settled();
    expect(network.peer.state.kind === 'backing_off' && network.peer.state.why.message).to.equal(
      'cert.pem: no such file',
    );
    network.clock.advance(60_000);
    await settled();
    expect(network.dials.map(({ options }) => options.cert)).to.deep.equal(['c1', 'c3']);
  });

  describe('whose proxy falls silent', () => {
    it('asks after half the time and gives it up after the whole', async () => {
      const socket = await network.paired();
      socket.alive = false;
      network.clock.advance(15_000);
      expect([socket.pings, socket.terminated]).to.deep.equal([1, false]);
      network.clock.advance(15_000);
      expect(socket.terminated).to.equal(true);
      socket.gone('connection_lost', 1006);
      expect(network.peer.state.kind === 'backing_off' && network.peer.state.why.reason).to.equal('proxy_silent');
    });

    it('takes anything heard for life', async () => {
      const socket = await network.paired();
      network.clock.advance(300_000);
      expect(socket.terminated).to.equal(false);
      socket.alive = false;
      for (let n = 0; n < 10; n += 1) {
        network.clock.advance(14_000);
        socket.receive('{}');
      }
      expect(socket.terminated).to.equal(false);
    });
  });

  describe('that is stopped', () => {
    it('closes with 1000 and leaves no timer', async () => {
      const socket = await network.paired();
      const stopped = [network.peer.stop(), network.peer.stop()];
      expect(socket.closedWith?.code).to.equal(1000);
      socket.gone('closed_by_peer', 1000);
      await Promise.all(stopped);
      expect([network.peer.state.kind, network.clock.timers]).to.deep.equal(['stopped', 0]);
    });

    it('drops a connection that does not answer the close', async () => {
      const socket = await network.paired();
      const stopped = network.peer.stop();
      network.clock.advance(2_000);
      expect(socket.terminated).to.equal(true);
      socket.gone('connection_lost', 1006);
      await stopped;
    });

    it('while it dials or waits dials no more', async () => {
      network.peer.start();
      await network.peer.stop();
      await settled();
      const other = network.make();
      other.start();
      network.dials[1]?.fail(refused(1));
      await settled();
      await other.stop();
      network.clock.advance(600_000);
      expect([network.dials.length, network.clock.timers]).to.deep.equal([2, 0]);
    });
  });

  it('refuses a URL that is none', () => {
    for (const url of ['http://a/b', 'nonsense']) expect(() => network.make({ url })).to.throw(TypeError);
  });
});
