import { expect } from 'chai';
import fc from 'fast-check';
import type { BridgeRefusal } from '../../../../peer/bridge-refusal.js';
import { CallRefused } from '../../../../peer/many/many-refusal.js';
import { REFUSED_MS, type Visit } from '../../../../peer/many/meetup.js';
import { MeetupTable } from '../../../../peer/many/meetup-table.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { FakeMeetupPeer } from '../../../support/fake-meetup-peer.js';
import { settled } from '../../../support/fake-network.js';

const BOUNDS = { wait: 1_000, idle: 60_000, hold: 0, maxPerMeetup: 2, maxMeetups: 2 };
const never = { reason: 'not_allowed', message: 'the policy does not allow it', retry: 'never' } as const;
const patient = (): AbortSignal => new AbortController().signal;

/** A table whose connections are fakes. */
class Setting {
  readonly clock = new FakeClock();
  readonly peers: { readonly id: string; readonly peer: FakeMeetupPeer }[] = [];
  readonly table = new MeetupTable(BOUNDS, this.clock, (id) => {
    const peer = new FakeMeetupPeer();
    this.peers.push({ id, peer });
    return peer;
  });

  /** The last connection to the meetup. */
  peer(id: string): FakeMeetupPeer {
    const found = this.peers.findLast((one) => one.id === id);
    if (found === undefined) throw new Error(`${id} was not dialled`);
    return found.peer;
  }

  /** Lets a call in that must not be refused. */
  enter(id: string): Visit {
    const visit = this.table.enter(id);
    if ('status' in visit) throw new Error(`refused: ${visit.reason}`);
    return visit;
  }

  states(): string[] {
    return this.table.list().map(({ id, state, calls }) => `${id} ${state} ${calls}`);
  }
}

const id = fc.constantFrom('a', 'b', 'c', 'd');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('enter' as const), id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('pair', 'close', 'lose', 'refuse'), id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(2 * BOUNDS.idle) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A table to which anything happens. */
class Walk extends Setting {
  readonly #visits: Visit[] = [];

  take(one: Step): void {
    if ('ms' in one) this.clock.advance(one.ms);
    else if ('which' in one) this.#visits.splice(one.which, 1)[0]?.leave();
    else if (one.kind === 'enter') this.#call(one.id);
    else this.#happen(one.kind, this.peers.findLast((made) => made.id === one.id && !made.peer.gone)?.peer);
  }

  check(): void {
    const living = this.peers.filter(({ peer }) => !peer.gone).map((one) => one.id);
    expect(living.length).to.be.at.most(BOUNDS.maxMeetups);
    expect(new Set(living).size).to.equal(living.length);
    const listed = this.table.list();
    expect(listed.length).to.equal(this.table.size).and.to.be.at.most(BOUNDS.maxMeetups);
    for (const { calls } of listed) expect(calls).to.be.within(0, BOUNDS.maxPerMeetup);
  }

  async end(): Promise<void> {
    const closed = this.table.close();
    for (const { peer } of this.peers) if (peer.closing) peer.close();
    await closed;
    for (const visit of this.#visits) visit.leave();
    await settled();
    expect([this.table.size, this.clock.timers]).to.deep.equal([0, 0]);
    expect(this.peers.every(({ peer }) => peer.gone && peer.state.kind === 'stopped')).to.equal(true);
  }

  #call(at: string): void {
    const isRefused = this.states().some((line) => line.startsWith(`${at} refused`));
    const dialled = this.peers.length;
    const result = this.table.enter(at);
    if (isRefused) expect([this.peers.length, reasonOf(result)]).to.deep.equal([dialled, 'meetup_refused']);
    if ('status' in result) return;
    this.#visits.push(result);
    // A wait that is refused is no fault here.
    result.ready(patient()).catch(() => {});
  }

  #happen(kind: string, peer: FakeMeetupPeer | undefined): void {
    if (kind === 'pair') peer?.pair();
    if (kind === 'lose') peer?.lose();
    if (kind === 'refuse') peer?.lose(never);
    if (kind === 'close' && peer?.closing) peer.close();
  }
}

/** The refusal with which a wait ends. */
async function refusalOf(wait: Promise<unknown>): Promise<BridgeRefusal> {
  const error: unknown = await wait.catch((failure: unknown) => failure);
  if (error instanceof CallRefused) return error.refusal;
  throw new Error(`not refused: ${String(error)}`);
}

function reasonOf(result: Visit | BridgeRefusal): string {
  return 'status' in result ? result.reason : 'let in';
}

describe('the meetups of a bridge for many', () => {
  let setting: Setting;

  beforeEach(() => {
    setting = new Setting();
  });

  it('are opened by the first call, once, and let all go when the other peer is there', async () => {
    const visits = [setting.enter('a'), setting.enter('a')];
    expect([setting.peers.length, setting.peer('a').starts]).to.deep.equal([1, 1]);
    const ready = Promise.all(visits.map((visit) => visit.ready(patient())));
    setting.peer('a').pair();
    expect((await ready).map(({ peer }) => peer)).to.deep.equal([setting.peer('a'), setting.peer('a')]);
    expect(setting.states()).to.deep.equal(['a open 2']);
    for (const visit of visits) visit.leave();
    expect(setting.states()).to.deep.equal(['a idle 0']);
  });

  it('are closed when nobody called for the idle time, and are then forgotten', async () => {
    const visit = setting.enter('a');
    setting.peer('a').pair();
    setting.clock.advance(BOUNDS.idle * 2);
    visit.leave();
    setting.clock.advance(BOUNDS.idle - 1);
    expect(setting.states()).to.deep.equal(['a idle 0']);
    setting.clock.advance(1);
    expect(setting.states()).to.deep.equal(['a closing 0']);
    setting.peer('a').close();
    await settled();
    expect([setting.table.size, setting.clock.timers]).to.deep.equal([0, 0]);
  });

  it('a call that comes while one is closed has it opened again, not before the old connection is gone', async () => {
    const visit = setting.enter('a');
    const old = setting.peer('a');
    old.pair();
    visit.leave();
    setting.clock.advance(BOUNDS.idle);
    const next = setting.enter('a').ready(patient());
    expect([setting.peers.length, setting.states()]).to.deep.equal([1, ['a closing 1']]);
    old.close();
    await settled();
    expect([setting.peers.length, setting.states()]).to.deep.equal([2, ['a opening 1']]);
    setting.peer('a').pair();
    expect((await next).peer)
      .to.equal(setting.peer('a'))
      .and.not.to.equal(old);
  });

  it('tell a call that waited in vain why, and stay: later calls learn at once that nobody is there', async () => {
    const visit = setting.enter('a');
    const refusal = refusalOf(visit.ready(patient()));
    setting.peer('a').lose();
    setting.clock.advance(BOUNDS.wait);
    expect(await refusal).to.deep.equal({
      status: 504,
      reason: 'pair_late',
      message: 'there was no connection within 1 s: nobody is there (unreachable)',
      label: 'unreachable',
    });
    visit.leave();
    expect(setting.states()).to.deep.equal(['a idle 0']);
    const line = await setting.enter('a').ready(patient());
    expect([line.peer.state.kind, setting.peers.length]).to.deep.equal(['backing_off', 1]);
  });

  it('that the proxy refuses are not dialled again for a time, and tell calls the label', async () => {
    const visit = setting.enter('a');
    const refusal = refusalOf(visit.ready(patient()));
    setting.peer('a').lose(never);
    expect(await refusal).to.deep.include({ status: 502, reason: 'meetup_refused', label: 'not_allowed' });
    visit.leave();
    expect(setting.peer('a').state.kind).to.equal('stopped');
    setting.clock.advance(REFUSED_MS - 1);
    expect(reasonOf(setting.table.enter('a'))).to.equal('meetup_refused');
    expect([setting.peers.length, setting.table.list()[0]?.trouble?.label]).to.deep.equal([1, 'not_allowed']);
    setting.clock.advance(1);
    expect([setting.table.size, setting.clock.timers]).to.deep.equal([0, 0]);
    setting.enter('a');
    expect(setting.peers).to.have.length(2);
  });

  it('that were refused are tried again as soon as there is another certificate', () => {
    setting.enter('a');
    setting.peer('a').lose(never);
    setting.enter('b');
    setting.table.credentialsChanged();
    expect([setting.states(), setting.peer('b').renewed]).to.deep.equal([['b opening 1'], 1]);
  });

  it('are bounded, in number and each in calls; one that is refused makes room', () => {
    setting.enter('a');
    setting.enter('a');
    expect(reasonOf(setting.table.enter('a'))).to.equal('too_many');
    setting.enter('b');
    expect(setting.table.enter('c')).to.deep.include({ status: 503, reason: 'too_many_meetups', retryAfter: 1 });
    setting.peer('b').lose(never);
    setting.enter('c');
    expect(setting.states()).to.deep.equal(['a opening 2', 'c opening 1']);
  });

  it('a call whose caller goes waits no more', async () => {
    const gone = new AbortController();
    const wait = setting.enter('a').ready(gone.signal);
    gone.abort();
    expect(await wait.catch(({ reason }) => reason)).to.equal('aborted');
  });

  it('are all closed at the end, and calls that wait are told', async () => {
    const waits = setting.enter('a').ready(patient());
    setting.enter('b');
    setting.peer('b').pair();
    const closed = setting.table.close();
    expect(await waits.catch(({ reason }) => reason)).to.equal('not_paired');
    expect(setting.peer('b').closing).to.equal(true);
    setting.peer('b').close();
    await closed;
    expect([setting.table.size, setting.clock.timers]).to.deep.equal([0, 0]);
  });

  it('stay within their bounds whatever happens: one connection each, none to a meetup that is refused, nothing left', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const walk = new Walk();
        for (const one of steps) {
          walk.take(one);
          await settled();
          walk.check();
        }
        await walk.end();
      }),
    );
  });
});
