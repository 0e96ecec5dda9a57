import { expect } from 'chai';
import { callTest } from '../../../proxy/control/past/past-query.js';
import { ORDINARY_CALLS, SLOW_MS } from '../../../proxy/history/call-keeper.js';
import { Memory } from '../../../proxy/history/memory.js';
import type { RefusedUpgrade } from '../../../proxy/session/life/refused-upgrade.js';
import type { Invocations } from '../../../proxy/telemetry/calls/invocations.js';
import { refusal } from '../../../proxy/wire/close.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';
import { callsInto } from '../../support/kept-calls.js';
import { Meeting, type Pair, request, response } from '../../support/pair.js';

const MIB = 1024 * 1024;

describe('the memory of what happened', () => {
  let clock: FakeClock;
  let memory: Memory;
  let meeting: Meeting;
  let messages: Invocations;
  beforeEach(() => {
    clock = new FakeClock();
    memory = new Memory(clock, MIB);
    messages = callsInto(memory, clock);
    meeting = new Meeting({ clock, readers: [memory], messages });
  });

  /** One call that takes its time. */
  const call = ({ manager, gateway }: Pair, id: number, status: number, ms = 1, given = {}): void => {
    manager.receive(request(id, given));
    messages.sweep();
    clock.advance(ms);
    gateway.receive(response(id, status));
    messages.sweep();
  };
  const refused = (given: Partial<RefusedUpgrade> = {}): void =>
    memory.refused({
      refusal: refusal('policy_denied'),
      detail: 'no rule allows it',
      target: '/x',
      remote: '192.0.2.7',
      requestId: '',
      meetupId: 'sub/1',
      ...given,
    });

  it('has the trace id that a caller knows, also where peers are not trusted with it', () => {
    const TRACE = '0af7651916cd43dd8448eb211c80319c';
    const untrusted = callsInto(memory, clock, 30_000, false);
    const pair = new Meeting({ clock, readers: [memory], messages: untrusted }).pair();
    pair.manager.receive(request(1, { headers: [{ name: 'traceparent', value: `00-${TRACE}-b7ad6b7169203331-01` }] }));
    untrusted.sweep();
    pair.gateway.receive(response(1));
    untrusted.sweep();
    const [kept] = memory.of('sub/1')?.calls.items ?? [];
    expect(kept?.claimedTraceId).to.equal(TRACE);
    expect(kept?.traceId)
      .to.match(/^[0-9a-f]{32}$/)
      .and.not.to.equal(TRACE);
    const one = callTest({ meetup_id: '', failed: false, slower_than: null, trace_id: TRACE });
    expect(kept !== undefined && one(kept)).to.equal(true);
  });

  it('has who came, met and went, and why', () => {
    const { peers, gateway } = meeting.pair();
    clock.advance(5_000);
    gateway.gone('connection_lost');
    const record = memory.of('sub/1');
    expect([...(record?.present.values() ?? [])]).to.deep.equal([]);
    const told = record?.past.items.map(({ role, came, met, went, label }) => [role, came, met, went, label]);
    const start = FakeClock.EPOCH;
    expect(told).to.have.deep.members([
      ['gateway', start, start, start + 5_000, 'connection_lost'],
      ['manager', start, start, start + 5_000, 'peer_disconnected'],
    ]);
    expect(record?.met).to.equal(1);
    expect(record?.endings).to.deep.equal({ connection_lost: 1, peer_disconnected: 1 });
    expect(record?.past.items.map(({ peerId }) => peerId)).to.have.members(['manager 1', 'gw service 1']);
    expect(peers).to.have.length(2);
  });

  it('makes one record of a refusal that happens again and again, and another for another reason or certificate', () => {
    const [who, other] = [identity(), identity()];
    for (let n = 0; n < 3; n += 1) {
      refused({ identity: who });
      clock.advance(1_000);
    }
    refused({ identity: other });
    refused({ identity: who, refusal: refusal('blocked') });
    const { refusals } = memory.of('sub/1') ?? {};
    const told = refusals?.items.map(({ label, times, first, last }) => [label, times, last - first]);
    expect(told).to.deep.equal([
      ['policy_denied', 3, 2_000],
      ['policy_denied', 1, 0],
      ['blocked', 1, 0],
    ]);
    expect(refusals?.seen).to.equal(5);
  });

  it('keeps what was refused at a meetup when somebody enters it, and joins handshakes by what they claim', () => {
    const who = identity();
    refused({ identity: who });
    const told = { at: 5, detail: 'revoked', target: 'proxy', remote: '192.0.2.9' };
    memory.handshakeRefused({ ...told, subject: who.subject, fingerprint: '' });
    memory.handshakeRefused({ ...told, subject: 'CN=someone else', fingerprint: 'ab' });
    memory.handshakeRefused({ ...told, subject: '', fingerprint: '' });
    meeting.pair();
    const record = memory.of('sub/1');
    expect(record?.refusals.size).to.equal(1);
    expect(record?.present.size).to.equal(2);
    expect(record && memory.handshakesOf(record).map(({ subject }) => subject)).to.deep.equal([who.subject]);
    expect(memory.toldByEdge).to.equal(clock.now());
  });

  it('counts every call by its class, with the time at the peer apart from that in the proxy', () => {
    const pair = meeting.pair();
    call(pair, 1, 200, 40, { path: '/v1/a?secret=1' });
    call(pair, 2, 502, 20);
    call(pair, 3, 404, 30);
    pair.manager.receive(request(4));
    pair.gateway.gone();
    const { totals, calls, failures } = memory.of('sub/1') ?? {};
    expect(totals).to.deep.include({ calls: 4, answered: 3, peerTotal: 90, peerMost: 40, proxyMost: 0 });
    expect(totals?.failed).to.deep.equal({ not_answered: 1, answered_5xx: 1, answered_4xx: 1 });
    expect(calls?.items.map(({ path, peerMs }) => [path, peerMs])).to.deep.equal([['/v1/a', 40]]);
    const failed = failures?.items.map(({ failure, status, ending }) => [failure, status, ending]);
    expect(failed).to.deep.equal([
      ['answered_5xx', 502, ''],
      ['answered_4xx', 404, ''],
      ['not_answered', undefined, 'closed_by_peer'],
    ]);
  });

  it('has the trace id of the request, and gives one where it has none', () => {
    const pair = meeting.pair();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    call(pair, 1, 200, 1, { headers: [{ name: 'traceparent', value: `00-${traceId}-b7ad6b7169203331-01` }] });
    call(pair, 2, 200);
    const ids = memory.of('sub/1')?.calls.items.map((one) => one.traceId) ?? [];
    expect(ids[0]).to.equal(traceId);
    expect(ids[1]).to.match(/^(?!0{32})[0-9a-f]{32}$/);
  });

  it('reads path and trace of a request whose body goes on beyond what is kept of it', () => {
    const pair = meeting.pair();
    call(pair, 1, 200, 1, { path: '/big', messageBody: 'x'.repeat(100_000) });
    expect(memory.of('sub/1')?.calls.items.map(({ path }) => path)).to.deep.equal(['/big']);
  });

  it('keeps few of many calls, those that fail or are slow before the others, and says how many there were', () => {
    const pair = meeting.pair();
    for (let id = 0; id < 300; id += 1) call(pair, id, 200, 0);
    call(pair, 300, 500, 0);
    call(pair, 301, 200, SLOW_MS);
    const { totals, calls, failures } = memory.of('sub/1') ?? {};
    expect(totals?.calls).to.equal(302);
    expect(calls?.size).to.equal(ORDINARY_CALLS.burst + 1);
    expect(calls?.items.at(-1)?.peerMs).to.equal(SLOW_MS);
    expect(failures?.size).to.equal(1);
  });

  it('goes on with a peer whose record was forgotten while it was here', () => {
    const small = new Memory(clock, 0);
    const { gateway } = new Meeting({ clock, readers: [small] }).pair();
    gateway.gone('connection_lost');
    expect(small.meetups.bytes).to.equal(0);
    expect(small.meetups.forgotten).to.be.greaterThan(0);
  });
});
