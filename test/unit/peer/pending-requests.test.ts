import { expect } from 'chai';
import { RequestFailure } from '../../../peer/request-failure.js';
import { FakeNetwork, failure, sentBy } from '../../support/fake-network.js';

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

describe('a peer that asks', () => {
  let network: FakeNetwork;

  beforeEach(() => {
    network = new FakeNetwork();
  });

  it('matches responses by inResponseTo, in any order, as number or text', async () => {
    const socket = await network.paired();
    const first = network.peer.request({ method: 'GET', path: '/1' });
    const second = network.peer.request({ method: 'GET', path: '/2' });
    expect(sentBy(socket).map(({ messageId }) => messageId)).to.deep.equal([0, 1, 2]);
    socket.receive(response('2', 202));
    socket.receive(response(77));
    socket.receive(response(1, 201));
    expect([(await first).statusCode, (await second).statusCode]).to.deep.equal([201, 202]);
  });

  it('waits until its deadline and not longer; a later response is dropped', async () => {
    const socket = await network.paired();
    const late = failure(network.peer.request({ method: 'GET', path: '/', timeout: 100 }));
    network.clock.advance(100);
    expect(await late).to.equal('timeout');
    socket.receive(response(1));
  });

  it('has all its requests fail with the connection', async () => {
    const socket = await network.paired();
    const both = [
      network.peer.request({ method: 'GET', path: '/' }),
      network.peer.request({ method: 'GET', path: '/' }),
    ].map(failure);
    socket.gone('connection_lost', 1006);
    expect(await Promise.all(both)).to.deep.equal(['disconnected', 'disconnected']);
  });

  it('is bounded in requests, bytes and backlog', async () => {
    const socket = await network.paired({ limits: { inFlight: 1, message: 300, outbox: 400, highMark: 10 } });
    const body = { kind: 'text', type: 'text/plain', text: 'x'.repeat(300) } as const;
    expect(await failure(network.peer.request({ method: 'GET', path: '/', body }))).to.equal('too_big');
    socket.backlog = 11;
    const waits = failure(network.peer.request({ method: 'GET', path: '/' }));
    expect(await failure(network.peer.request({ method: 'GET', path: '/' }))).to.equal('too_many');
    expect(() => {
      for (let n = 0; n < 9; n += 1) network.peer.sendEvent('a', 'b', { ...body, text: 'x'.repeat(100) });
    }).to.throw(RequestFailure, 'wait to be sent');
    expect(socket.sent).to.have.length(1);
    socket.drain(0);
    expect(socket.sent.length).to.be.above(1);
    socket.gone();
    expect(await waits).to.equal('disconnected');
  });

  it('takes back what nobody waits for any more, so that no stale command is carried out', async () => {
    const socket = await network.paired({ limits: { highMark: 10 } });
    socket.backlog = 11;
    const late = failure(network.peer.request({ method: 'DELETE', path: '/', timeout: 100 }));
    network.clock.advance(100);
    expect(await late).to.equal('timeout');
    socket.drain(0);
    expect(socket.sent).to.have.length(1);
  });

  it('can give up', async () => {
    await network.paired();
    const gone = new AbortController();
    const asked = failure(network.peer.request({ method: 'GET', path: '/', signal: gone.signal }));
    gone.abort();
    expect(await asked).to.equal('aborted');
  });

  it('is told of a response that is none', async () => {
    const socket = await network.paired();
    for (const [id, bad] of [99, 101, 600, 200.5, '200', null].entries()) {
      const asked = failure(network.peer.request({ method: 'GET', path: '/' }));
      socket.receive(response(id + 1, bad as number));
      expect(await asked).to.equal('bad_response');
    }
  });
});
