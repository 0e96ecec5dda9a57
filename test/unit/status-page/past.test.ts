import { expect } from 'chai';
import { Memory } from '../../../proxy/history/memory.js';
import { explained } from '../../../proxy/page/advice.js';
import { callDetail, callList, callsMark, SHOWN_CALLS } from '../../../proxy/page/calls.js';
import { goneMeetups, meetupHistory, SHOWN_OF_MEETUP } from '../../../proxy/page/meetup.js';
import { troubleList } from '../../../proxy/page/troubles.js';
import type { Invocations } from '../../../proxy/telemetry/calls/invocations.js';
import { endings, type Label, refusal } from '../../../proxy/wire/close.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';
import { callsInto } from '../../support/kept-calls.js';
import { Meeting, type Pair, request, response } from '../../support/pair.js';

const ALL = { calls: '', failure: 'any', troubles: '', kind: 'any', from: 0, to: 0 } as const;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('what the page shows of the past', () => {
  let clock: FakeClock;
  let memory: Memory;
  let meeting: Meeting;
  let messages: Invocations;
  let id = 0;
  beforeEach(() => {
    clock = new FakeClock();
    memory = new Memory(clock, 4 * 1024 * 1024);
    messages = callsInto(memory, clock);
    meeting = new Meeting({ clock, readers: [memory], messages });
  });

  const call = ({ manager, gateway }: Pair, path: string, status: number, headers: object[] = []): void => {
    id += 1;
    manager.receive(request(id, { path, headers }));
    messages.sweep();
    clock.advance(1_000);
    gateway.receive(response(id, status));
    messages.sweep();
  };
  const list = async (given: object = {}) => {
    const { items, fitting, kept } = await callList(memory, { ...ALL, ...given });
    return { paths: items.map(({ path }) => path), fitting, kept };
  };

  it('is the calls of all meetups, the newest last, with the class of their failure', async () => {
    const [one, two] = [meeting.pair(), meeting.pair()];
    call(one, '/a', 200);
    call(two, '/b', 502);
    call(one, '/c', 404);
    const { items } = await callList(memory, ALL);
    expect(items.map(({ path, failure, meetupId }) => [path, failure, meetupId])).to.deep.equal([
      ['/a', null, 'sub/1'],
      ['/b', 'answered_5xx', 'sub/2'],
      ['/c', 'answered_4xx', 'sub/1'],
    ]);
  });

  it('has a mark that changes with each call that is added or forgotten, and with nothing else', () => {
    const pair = meeting.pair();
    const marks = [callsMark(memory)];
    for (const [path, status] of [
      ['/a', 200],
      ['/b', 502],
    ] as const) {
      call(pair, path, status);
      marks.push(callsMark(memory));
    }
    memory.of('sub/1')?.calls.forget();
    marks.push(callsMark(memory));
    expect(new Set(marks).size).to.equal(4);
    meeting.pair().gateway.gone('connection_lost');
    clock.advance(1_000);
    expect([callsMark(memory), callsMark(undefined)]).to.deep.equal([marks.at(-1), '']);
  });

  it('is searched whole, in all that a row has, by class and by time', async () => {
    const [one, two] = [meeting.pair(), meeting.pair()];
    const start = clock.now();
    call(one, '/Orders', 200);
    // A trace id made by chance may have the digits of a status.
    const headers = [{ name: 'traceparent', value: `00-${TRACE}-b7ad6b7169203331-01` }];
    call(two, '/b', 502, headers);
    call(two, '/c', 404, headers);
    expect(await list({ calls: 'orders' })).to.deep.equal({ paths: ['/Orders'], fitting: 1, kept: 3 });
    expect((await list({ calls: 'sub/2' })).paths).to.deep.equal(['/b', '/c']);
    expect((await list({ calls: '502' })).paths).to.deep.equal(['/b']);
    expect((await list({ calls: 'answered_4xx' })).paths).to.deep.equal(['/c']);
    expect((await list({ failure: 'errors' })).paths).to.deep.equal(['/b']);
    expect((await list({ failure: 'answered_4xx' })).paths).to.deep.equal(['/c']);
    expect((await list({ failure: 'not_answered' })).paths).to.deep.equal([]);
    expect((await list({ from: start + 1_000 })).paths).to.deep.equal(['/b', '/c']);
    expect((await list({ from: start, to: start + 1_500 })).paths).to.deep.equal(['/Orders', '/b']);
  });

  it('is the newest where there are more than are shown, from however many meetups', async () => {
    for (let n = 0; n < SHOWN_CALLS + 40; n += 1) {
      const pair = meeting.pair();
      call(pair, `/${n}`, 200);
      call(pair, `/${n}/again`, 200);
    }
    const all = await list();
    expect([all.paths.length, all.paths.at(-1)]).to.deep.equal([SHOWN_CALLS, `/${SHOWN_CALLS + 39}/again`]);
    expect(all.paths[0]).to.equal(`/${SHOWN_CALLS + 40 - SHOWN_CALLS / 2}`);
    expect((await list({ calls: '/again' })).fitting).to.equal(SHOWN_CALLS + 40);
  });

  it('is looked for no further once nobody waits for it', async () => {
    for (let n = 0; n < 3; n += 1) {
      const pair = meeting.pair();
      for (let of = 0; of < 500; of += 1) call(pair, `/${n}/${of}`, 200);
    }
    const found = async (isGone: () => boolean) => (await callList(memory, { ...ALL, calls: '/' }, isGone)).fitting;
    expect(await found(() => false)).to.be.above(600);
    expect(await found(() => true)).to.be.below(600);
    let asked = 0;
    await callDetail(memory, TRACE, () => {
      asked += 1;
      return true;
    });
    expect(asked).to.equal(1);
  });

  it('finds the call of a trace with who took part, while it is kept', async () => {
    const pair = meeting.pair({ identity: identity({ subject: 'CN=m' }) }, { identity: identity({ subject: 'CN=g' }) });
    const headers = [{ name: 'traceparent', value: `00-${TRACE}-b7ad6b7169203331-01` }];
    call(pair, '/x?a=1&token=abc', 200, headers);
    call(pair, '/y', 404, headers);
    const found = await callDetail(memory, TRACE);
    expect(found?.invocation).to.include({ path: '/y', status: 404, meetupId: 'sub/1' });
    expect(found?.others.map(({ path }) => path)).to.deep.equal(['/x']);
    expect(found).to.deep.include({
      requester: { role: 'manager', subject: 'CN=m' },
      parentSpanId: 'b7ad6b7169203331',
    });
    expect(found?.responder).to.deep.equal({ role: 'gateway', subject: 'CN=g' });
    expect(memory.of('sub/1')?.calls.items[0]?.query).to.equal('a=1&token=REDACTED');
    expect(await callDetail(memory, TRACE.replace('0', '1'))).to.equal(undefined);
  });

  it('finds a call by the trace id that its caller has, where peers are not trusted with it', async () => {
    messages = callsInto(memory, clock, 30_000, false);
    meeting = new Meeting({ clock, readers: [memory], messages });
    call(meeting.pair(), '/x', 200, [{ name: 'traceparent', value: `00-${TRACE}-b7ad6b7169203331-01` }]);
    const found = await callDetail(memory, TRACE);
    expect(found?.claimedTraceId).to.equal(TRACE);
    expect(found?.invocation.traceId).not.to.equal(TRACE);
    expect((await list({ calls: TRACE })).paths).to.deep.equal(['/x']);
  });

  it('is who was refused, how often, and whose connection ended for another reason than a wish', async () => {
    const who = identity({ subject: 'CN=stranger' });
    const refused = { detail: 'no rule', target: '/x', remote: '192.0.2.7', requestId: '', meetupId: 'sub/9' };
    for (let n = 0; n < 2; n += 1) {
      memory.refused({ refusal: refusal('policy_denied'), identity: who, ...refused });
      clock.advance(1_000);
    }
    memory.handshakeRefused({
      at: clock.now(),
      detail: 'revoked',
      target: '',
      subject: 'CN=old',
      fingerprint: 'ab',
      remote: '',
    });
    clock.advance(1_000);
    meeting.pair().gateway.gone('connection_lost');
    const told = async (given: object = {}) =>
      (await troubleList(memory, { ...ALL, ...given })).items.map(({ label, times, subject }) => [
        label,
        times,
        subject,
      ]);
    const [lost, handshake, denied] = await told();
    expect(lost?.[0]).to.equal('connection_lost');
    expect([handshake, denied]).to.deep.equal([
      ['tls_handshake', 1, 'CN=old'],
      ['policy_denied', 2, 'CN=stranger'],
    ]);
    expect(await told({ kind: 'ended' })).to.have.length(1);
    expect(await told({ kind: 'refused' })).to.have.length(2);
    expect(await told({ troubles: 'stranger' })).to.deep.equal([denied]);
    expect(await told({ troubles: 'sub/9' })).to.deep.equal([denied]);
    expect(await told({ troubles: 'revoked' })).to.deep.equal([handshake]);
    expect(await told({ to: FakeClock.EPOCH + 1_500 })).to.deep.equal([denied]);
    const { refused: times, ended, toldByEdge } = await troubleList(memory, ALL);
    expect([times, ended, toldByEdge !== null]).to.deep.equal([3, 1, true]);
    expect((await troubleList(memory, ALL)).items[1]?.isVerified).to.equal(false);
  });

  it('is the history of a meetup, with what is wrong in words', () => {
    const pair = meeting.pair();
    call(pair, '/a', 502);
    pair.gateway.gone('connection_lost');
    const history = meetupHistory(memory, 'sub/1', () => ['all is wrong']);
    expect(history?.findings).to.deep.equal(['all is wrong']);
    expect(history?.past.map(({ label }) => label)).to.have.members(['connection_lost', 'peer_disconnected']);
    expect(history?.totals).to.include({ calls: 1, answered: 1, answered5xx: 1, meanPeerMs: 1_000 });
    expect(history?.failedCalls.map(({ path }) => path)).to.deep.equal(['/a']);
    expect([history?.visits, history?.met]).to.deep.equal([2, 1]);
    expect(meetupHistory(memory, 'sub/none', () => [])).to.equal(null);
    expect(goneMeetups(memory, 'sub/1', 5)).to.deep.equal(['sub/1']);
    meeting.pair();
    expect(goneMeetups(memory, 'sub/', 5)).to.deep.equal(['sub/1']);
  });

  it('has of a meetup the newest calls, the newest first, whether they failed or not', () => {
    const pair = meeting.pair();
    const paths = Array.from({ length: SHOWN_OF_MEETUP + 10 }, (_, n) => `/${n}`);
    for (const [n, path] of paths.entries()) call(pair, path, n % 3 === 0 ? 502 : 200);
    const history = meetupHistory(memory, 'sub/1', () => []);
    expect(history?.calls.map(({ path }) => path)).to.deep.equal(paths.slice(-SHOWN_OF_MEETUP).reverse());
    expect(history?.keptCalls).to.equal(paths.length);
  });

  it('is nothing where nothing is remembered, and says so', async () => {
    expect(await callList(undefined, ALL)).to.deep.equal({ items: [], fitting: 0, kept: 0, since: null });
    expect((await troubleList(undefined, ALL)).since).to.equal(null);
    expect(await callDetail(undefined, TRACE)).to.equal(undefined);
  });

  it('says of every label what it means and what to do', () => {
    for (const label of Object.keys(endings) as Label[]) {
      const { meaning, advice } = explained(label);
      expect(
        [meaning, advice].every((text) => /^[A-Z].*\.$/.test(text)),
        label,
      ).to.equal(true);
    }
  });
});
