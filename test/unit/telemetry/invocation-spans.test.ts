import { expect } from 'chai';
import type { FinishedInvocation } from '../../../proxy/telemetry/calls/invocation-spans.js';
import type { Invocation } from '../../../proxy/telemetry/calls/invocation-table.js';
import { spanAttributes } from '../../../proxy/telemetry/calls/span-attributes.js';
import { formatTraceparent, parseTraceparent } from '../../../proxy/wire/trace-context.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';
import { Meeting, request, response } from '../../support/pair.js';
import { SpanList } from '../../support/span-list.js';
import { watch } from '../../support/watch.js';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UPGRADE = '00-11111111111111111111111111111111-2222222222222222-01';
const HEADERS = [{ name: 'TraceParent', value: PARENT }];

function scene(given: Parameters<typeof watch>[1] = {}) {
  const clock = new FakeClock();
  const spans = new SpanList();
  const watched = watch(clock, { spans, ...given });
  const meeting = new Meeting({ messages: watched.invocations, clock });
  const subject = identity({ subject: 'CN=manager' });
  const manager = { identity: subject, traceparent: UPGRADE, remote: '192.0.2.7', via: 'r1-1' };
  const pair = meeting.pair(manager, { via: 'r2-1' });
  return { ...watched, clock, spans, pair };
}

/** One call from the manager, answered. */
function call(it: ReturnType<typeof scene>, given: Record<string, unknown> = {}, status = 200): void {
  it.pair.manager.receive(request(5, given));
  it.pair.gateway.receive(response(5, status));
  it.turn();
}

describe('telemetry: spans', () => {
  it('is a SERVER span by the semantic conventions, named by its method, never by its path', () => {
    const it = scene();
    call(it, {
      path: '/a/b?x=1&token=abc',
      queryStrings: [
        { name: 'q', value: 'ä b' },
        { name: 'Password', value: 'p' },
      ],
    });
    const [span] = it.spans.spans;
    expect(span).to.include({ name: 'GET', kind: 'server', error: false, parent: undefined });
    expect(span?.attributes).to.include({
      'http.request.method': 'GET',
      'url.path': '/a/b',
      'url.query': 'x=1&token=REDACTED&q=%C3%A4%20b&Password=REDACTED',
      'url.scheme': 'https',
      'http.response.status_code': 200,
      'network.protocol.name': 'websocket',
      'client.address': '192.0.2.7',
      'ws_proxy.outcome': 'ok',
      'ws_proxy.message.id': '5',
      'ws_proxy.requester.role': 'manager',
      'ws_proxy.requester.subject': 'CN=manager',
      'ws_proxy.requester.via': 'r1-1',
      'ws_proxy.responder.role': 'gateway',
      'ws_proxy.responder.via': 'r2-1',
      'ws_proxy.session.id': it.pair.session.uid,
      'ws_proxy.request.size': it.pair.gateway.sent[0]?.data.length,
      'ws_proxy.response.size': it.pair.manager.sent[0]?.data.length,
    });
  });

  it('links to the span of the upgrade, and is not its child', () => {
    const it = scene();
    call(it);
    const [span] = it.spans.spans;
    expect(span?.links).to.deep.equal([parseTraceparent(UPGRADE)]);
    expect(span?.own.traceId).to.not.equal('1'.repeat(32));
  });

  it('is a child of the traceparent in the request’s headers, and does as it says', () => {
    const it = scene();
    it.spans.decide = (parent) => parent?.sampled ?? false;
    call(it, { headers: HEADERS });
    call(it, { headers: [{ name: 'traceparent', value: PARENT.replace(/01$/, '00') }] });
    call(it);
    expect(it.spans.spans.map(({ parent, own }) => [parent?.spanId, own.traceId])).to.deep.equal([
      ['b7ad6b7169203331', '0af7651916cd43dd8448eb211c80319c'],
    ]);
    expect(it.counts.outcomes.ok).to.equal(3);
  });

  it('starts a trace of its own and links, where a peer’s traceparent is not trusted', () => {
    const it = scene({ trustParent: false });
    call(it, { headers: HEADERS });
    const [span] = it.spans.spans;
    expect(span?.parent).to.equal(undefined);
    expect(span?.own.traceId).to.not.equal('0af7651916cd43dd8448eb211c80319c');
    expect(span?.links).to.deep.equal([parseTraceparent(UPGRADE), parseTraceparent(PARENT)]);
  });

  it('takes its route, and then its name, from the configured templates alone', () => {
    const it = scene({ templates: ['/v1/{thing}', '/v1/x'] });
    call(it, { path: '/v1/7?a=b' });
    call(it, { path: '/v1/x' });
    call(it, { path: '/v2' });
    expect(it.spans.spans.map(({ name }) => name)).to.deep.equal(['GET /v1/{thing}', 'GET /v1/x', 'GET']);
    expect([...it.counts.durations].map(({ labels }) => labels['http.route'])).to.deep.equal([
      '/v1/{thing}',
      '/v1/x',
      undefined,
    ]);
  });

  it('does not let a peer choose its name or a label by an unknown method', () => {
    const it = scene();
    call(it, { method: 'get' });
    call(it, { method: 'X'.repeat(100) });
    expect(it.spans.spans.map(({ name }) => name)).to.deep.equal(['HTTP', 'HTTP']);
    expect(it.spans.spans[0]?.attributes).to.include({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'get',
    });
    expect(it.spans.spans[1]?.attributes['http.request.method_original']).to.have.lengthOf(32);
  });

  it('has a CLIENT child for the time at the peer where that is asked for', () => {
    const it = scene({ clientSpans: true });
    it.pair.manager.receive(request(5));
    it.clock.advance(2);
    it.turn();
    it.clock.advance(30);
    it.pair.gateway.receive(response(5, 404));
    it.clock.advance(1);
    it.turn();
    const [client, server] = it.spans.spans;
    expect(client).to.include({ kind: 'client', name: 'GET', local: true, parent: server?.own, error: true });
    expect((client?.startedAt ?? 0) - (server?.startedAt ?? 0)).to.equal(2);
    expect((client?.endedAt ?? 0) - (client?.startedAt ?? 0)).to.equal(30);
    expect(client?.attributes).to.include({ 'error.type': '404' });
    expect(server?.attributes).to.not.have.property('error.type');
  });

  it('injects its own traceparent where that is asked for and the call is recorded', () => {
    const it = scene({ inject: true });
    call(it, { headers: HEADERS });
    const [span] = it.spans.spans;
    const sent = JSON.parse(it.pair.gateway.texts[0] ?? '') as { message: { headers: unknown } };
    expect(sent.message.headers).to.deep.equal([{ name: 'TraceParent', value: span && formatTraceparent(span.own) }]);
    it.spans.decide = () => false;
    call(it, { headers: HEADERS });
    expect(it.pair.gateway.texts[1]).to.equal(request(5, { headers: HEADERS }));
  });

  it('injects the CLIENT span where there is one', () => {
    const it = scene({ inject: true, clientSpans: true });
    call(it);
    const client = it.spans.spans.find(({ kind }) => kind === 'client');
    expect(it.pair.gateway.texts[0]).to.include(client?.own.spanId);
  });

  it('makes a span of an event where that is asked for', () => {
    const event = '{"message":{"messageType":"EVENT:DHCP:leaseAcquired","messageId":1}}';
    const without = scene();
    without.pair.gateway.receive(event);
    expect(without.spans.spans).to.deep.equal([]);
    const it = scene({ events: true });
    it.pair.gateway.receive(event);
    expect(it.spans.spans[0]).to.include({ name: 'event', kind: 'internal', endedAt: FakeClock.EPOCH });
    expect(it.spans.spans[0]?.attributes).to.include({
      'ws_proxy.message.type': 'EVENT:DHCP:leaseAcquired',
      'ws_proxy.requester.role': 'gateway',
    });
  });

  it('uses no attribute that the table does not describe', () => {
    const it = scene({ clientSpans: true, events: true, templates: ['/v1/x'] });
    call(it, { queryStrings: [{ name: 'a', value: 'b' }] });
    call(it, { method: 'x' }, 500);
    it.pair.gateway.receive(response(77));
    it.pair.gateway.receive('{"message":{"messageType":"EVENT:a:b"}}');
    it.pair.manager.receive(request(9));
    it.pair.gateway.gone();
    const used = new Set(it.spans.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...used].sort()).to.deep.equal(Object.keys(spanAttributes).sort());
  });

  it('collects nothing of an invocation that is only tallied, and tells the tally all the same', () => {
    const tallied: string[] = [];
    let parsed = 0;
    const unread = {
      get wanted() {
        parsed += 1;
        return false;
      },
      finished: () => expect.fail('nobody looks'),
    };
    const tally = { tally: ({ detail }: Invocation, outcome: string) => tallied.push(`${outcome} ${detail?.path}`) };
    const it = scene({ spans: undefined, readers: [unread], tallies: [tally] });
    call(it, { path: '/secret' });
    expect(tallied).to.deep.equal(['ok undefined']);
    expect(parsed).to.equal(1);
  });

  it('are told to readers and tallies that come later, until they go', () => {
    const told: string[] = [];
    const it = scene({ spans: undefined });
    call(it, { path: '/before' });
    const reader = { wanted: true, finished: ({ detail }: FinishedInvocation) => void told.push(detail.path) };
    const stop = it.journal.subscribe({ readers: [reader], tallies: [{ tally: () => told.push('counted') }] });
    call(it, { path: '/during' });
    stop();
    call(it, { path: '/after' });
    expect(told).to.deep.equal(['counted', '/during']);
  });
});
