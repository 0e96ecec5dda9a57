import { expect } from 'chai';
import { NO_INVOCATIONS } from '../../../proxy/session/views/statistics.js';
import { FakeClock } from '../../support/fake-clock.js';
import { request, response } from '../../support/pair.js';
import { scene } from '../../support/scene.js';
import type { Watch } from '../../support/watch.js';

/** The counts of the outcomes that occurred. */
function counted({ counts }: Watch): Record<string, number> {
  return Object.fromEntries(Object.entries(counts.outcomes).filter(([, count]) => count > 0));
}

describe('telemetry: invocations', () => {
  it('matches a response to its request in each direction, the same id at the same time [MSG-2, MSG-4]', () => {
    const it = scene();
    it.pair.manager.receive(request(1));
    it.pair.gateway.receive(request(1, { method: 'PUT' }));
    expect(it.invocations.of(it.pair.session).inFlight).to.equal(2);
    expect(it.counts.active).to.include({ GET: 1, PUT: 1 });
    it.pair.gateway.receive(response(1, 200));
    it.pair.manager.receive(response(1, 503));
    it.turn();
    expect(counted(it)).to.deep.equal({ ok: 1, http_error: 1 });
    expect(it.invocations.of(it.pair.session).inFlight).to.equal(0);
    expect(
      it.spans.spans.map(({ attributes }) => [
        attributes['http.request.method'],
        attributes['http.response.status_code'],
      ]),
    ).to.have.deep.members([
      ['GET', 200],
      ['PUT', 503],
    ]);
  });

  it('takes the answer "7" for the request 7', () => {
    const it = scene();
    it.pair.manager.receive(request(7));
    it.pair.gateway.receive(response('7'));
    it.turn();
    expect(counted(it)).to.deep.equal({ ok: 1 });
  });

  it('gives the same bytes on, whatever they are [RELAY-1]', () => {
    const it = scene();
    const messages = [request(1), response(9), 'no json', '{"message":{"messageType":"EVENT:a:b"}}'];
    for (const message of messages) it.pair.manager.receive(message);
    it.pair.manager.receive(Buffer.from([1, 2]), true);
    expect(it.pair.gateway.texts).to.deep.equal([...messages, '\u0001\u0002']);
    expect(it.counts.messages).to.include({ request: 1, response: 1, unreadable: 1, event: 1, binary: 1 });
  });

  it('tells time in the proxy from time at the peer', () => {
    const it = scene();
    it.pair.gateway.backlog = 5_000;
    it.pair.manager.receive(request(1));
    it.turn();
    it.clock.advance(100);
    it.pair.gateway.backlog = 0;
    it.pair.manager.receive('{"message":{"messageType":"CONN:INFO"}}');
    // The request has left without a later message; the next look finds out.
    it.invocations.sweep();
    it.clock.advance(40);
    it.pair.gateway.receive(response(1));
    it.clock.advance(3);
    it.turn();
    const { attributes, startedAt, endedAt } = it.spans.spans[0] ?? {};
    expect(attributes?.['ws_proxy.proxy.duration']).to.be.closeTo(0.103, 1e-9);
    expect(attributes?.['ws_proxy.peer.duration']).to.be.closeTo(0.04, 1e-9);
    expect((endedAt ?? 0) - (startedAt ?? 0)).to.equal(143);
    expect(startedAt).to.equal(FakeClock.EPOCH);
  });

  it('counts a request that was answered as left, however long it stood', () => {
    const it = scene();
    it.pair.gateway.backlog = 5_000;
    it.pair.manager.receive(request(1));
    it.turn();
    it.clock.advance(50);
    it.pair.gateway.receive(response(1));
    it.turn();
    expect(it.spans.spans[0]?.attributes).to.include({ 'ws_proxy.proxy.duration': 0.05, 'ws_proxy.peer.duration': 0 });
  });

  it('forgets a request whose response does not come in time; the late one is an orphan', () => {
    const it = scene({ timeout: 1_000 });
    it.pair.manager.receive(request(1));
    it.turn();
    it.clock.advance(999);
    expect(counted(it)).to.deep.equal({});
    it.clock.advance(251);
    expect(counted(it)).to.deep.equal({ timeout: 1 });
    expect(it.invocations.of(it.pair.session).inFlight).to.equal(0);
    it.pair.gateway.receive(response(1));
    expect(counted(it)).to.deep.equal({ timeout: 1, orphan_response: 1 });
    expect(it.spans.spans.map(({ attributes }) => attributes['error.type'])).to.deep.equal([
      'timeout',
      'orphan_response',
    ]);
  });

  it('keeps the first of two requests with one id, and answers to it', () => {
    const it = scene();
    it.pair.manager.receive(request(1, { path: '/first' }));
    it.pair.manager.receive(request(1, { path: '/second' }));
    it.pair.gateway.receive(response(1));
    it.turn();
    expect(
      it.spans.spans.map(({ attributes }) => [attributes['url.path'], attributes['ws_proxy.outcome']]),
    ).to.deep.equal([
      ['/second', 'duplicate_id'],
      ['/first', 'ok'],
    ]);
  });

  it('lets an id be used again at once when its response has come', () => {
    const it = scene();
    it.pair.manager.receive(request(1));
    it.pair.gateway.receive(response(1));
    it.pair.manager.receive(request(1));
    it.pair.gateway.receive(response(1, 404));
    it.turn();
    expect(counted(it)).to.deep.equal({ ok: 1, http_error: 1 });
    expect(it.counts.active.GET).to.equal(0);
  });

  it('remembers no more than its bounds allow, for a session and for all', () => {
    const it = scene({ maxPerSession: 2, max: 3 });
    const other = it.meeting.pair();
    for (const id of [1, 2, 3]) it.pair.manager.receive(request(id));
    for (const id of [1, 2]) other.manager.receive(request(id));
    expect(it.invocations.size).to.equal(3);
    expect(counted(it)).to.deep.equal({ table_full: 2 });
    expect(it.spans.spans.map(({ attributes }) => attributes['error.type'])).to.deep.equal([
      'table_full',
      'table_full',
    ]);
  });

  for (const [label, outcome] of [
    ['kicked', 'kicked'],
    ['draining', 'drained'],
    ['certificate_revoked', 'peer_disconnected'],
  ] as const) {
    it(`ends what is open as ${outcome} when the session ends as ${label}`, () => {
      const it = scene();
      it.pair.manager.receive(request(1));
      it.pair.gateway.receive(request(1));
      it.meeting.steering.end({ t: 'session', uid: it.pair.session.uid }, { label });
      expect(counted(it)).to.deep.equal({ [outcome]: 2 });
      expect(it.spans.spans[0]?.attributes).to.include({ 'error.type': outcome, 'ws_proxy.ending': label });
      expect(it.invocations.size).to.equal(0);
    });
  }

  it('ends what is open as peer_disconnected when a peer goes, answered but undelivered ones too', () => {
    const it = scene();
    it.pair.manager.receive(request(1));
    it.pair.manager.receive(request(2));
    it.pair.gateway.receive(response(1));
    it.pair.gateway.gone('connection_lost', 1006);
    it.turn();
    expect(counted(it)).to.deep.equal({ peer_disconnected: 2 });
  });

  it('sums up what became of each session’s requests, also when it has just ended', () => {
    const it = scene({ maxPerSession: 1 });
    expect(it.invocations.of(it.pair.session)).to.equal(NO_INVOCATIONS);
    it.pair.manager.receive(request(1));
    it.pair.manager.receive(request(2));
    it.turn();
    it.clock.advance(20);
    it.pair.gateway.receive(response(1, 500));
    it.turn();
    it.pair.gateway.receive(request(1));
    it.turn();
    it.clock.advance(10);
    it.pair.manager.receive(response(1));
    it.turn();
    it.pair.manager.receive(request(3));
    // The second was passed on without being waited for: how it ended nobody knows, so it does not count as an error.
    const sum = { completed: 3, errors: 1, answered: 2, latencyTotal: 30, latencyMax: 20, latencyP99: 20 };
    const split = { proxyTotal: 0, proxyMax: 0, peerTotal: 30, peerMax: 20 };
    const told = { ...sum, ...split };
    expect(it.invocations.of(it.pair.session)).to.deep.equal({ ...told, inFlight: 1 });
    it.pair.manager.gone();
    expect(it.invocations.of(it.pair.session)).to.deep.equal({ ...told, completed: 4, errors: 2, inFlight: 0 });
  });

  it('waits for no response that nobody wants, or that could not be told', () => {
    const it = scene();
    it.pair.manager.receive(request(1, { requiresResponse: false }));
    it.pair.manager.receive(request(null));
    expect(counted(it)).to.deep.equal({ one_way: 2 });
    expect(it.invocations.size).to.equal(0);
    expect(it.spans.spans[0]).to.deep.include({ name: 'GET', kind: 'server', error: false });
  });

  it('calls a response without a status of HTTP an error of another kind', () => {
    const it = scene();
    for (const [id, status] of [null, 'x', 42, 600].entries()) {
      it.pair.manager.receive(request(id));
      it.pair.gateway.receive(response(id, status));
    }
    it.turn();
    expect(counted(it)).to.deep.equal({ http_error: 4 });
    for (const { attributes } of it.spans.spans) {
      expect(attributes).to.include({ 'error.type': '_OTHER' }).and.not.have.property('http.response.status_code');
    }
  });

  it('is no error of the server below 500, by the semantic conventions', () => {
    const it = scene();
    it.pair.manager.receive(request(1));
    it.pair.gateway.receive(response(1, 404));
    it.turn();
    expect(it.spans.spans[0]).to.include({ error: false });
    expect(it.spans.spans[0]?.attributes).to.not.have.property('error.type');
  });

  it('makes nothing of a call that nobody reads of', () => {
    const it = scene({ spans: undefined });
    it.pair.manager.receive(request(1));
    it.pair.gateway.receive(response(1));
    it.turn();
    expect(counted(it)).to.deep.equal({ ok: 1 });
    expect([...it.counts.durations].map(({ histogram }) => histogram.count)).to.deep.equal([1]);
  });

  it('contains a fault of its own: the message goes on', () => {
    const it = scene();
    it.spans.decide = () => {
      throw new Error('broken');
    };
    it.pair.manager.receive(request(1));
    expect(it.pair.gateway.texts).to.deep.equal([request(1)]);
    expect(it.faults).to.have.lengthOf(1);
  });

  it('contains a fault of a reader: the call is counted all the same', () => {
    const reader = {
      wanted: true,
      finished: () => {
        throw new Error('broken');
      },
    };
    const it = scene({ readers: [reader] });
    it.pair.manager.receive(request(1));
    it.pair.gateway.receive(response(1));
    it.turn();
    expect(it.faults).to.have.lengthOf(1);
    expect(counted(it)).to.deep.equal({ ok: 1 });
    expect(it.invocations.size).to.equal(0);
  });
});
